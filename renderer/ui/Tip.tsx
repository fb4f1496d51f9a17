/** A tooltip: says what a control does and which keys do the same. */
import { Tooltip } from 'radix-ui';
import type { ReactNode } from 'react';
import { useFloats } from './floats';

interface TipProps {
  text: string;
  keys?: string | undefined;
  side?: 'top' | 'right' | 'bottom' | 'left';
  children: ReactNode;
}

export function Tip({ text, keys, side = 'bottom', children }: TipProps): ReactNode {
  const floats = useFloats();
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal container={floats}>
        <Tooltip.Content className="tip" side={side} sideOffset={6} collisionPadding={8}>
          {text}
          {keys !== undefined && <kbd>{keys}</kbd>}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
