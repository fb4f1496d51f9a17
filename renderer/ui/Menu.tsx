/** Menus and popovers, never modal: the page behind stays alive and nothing is injected into it. */
import { Check, type LucideIcon } from 'lucide-react';
import { DropdownMenu, Popover } from 'radix-ui';
import type { ReactNode } from 'react';
import { useFloats } from './floats';

interface MenuProps {
  label: string;
  trigger: ReactNode;
  children: ReactNode;
  align?: 'start' | 'center' | 'end';
}

export function Menu({ label, trigger, children, align = 'start' }: MenuProps): ReactNode {
  const floats = useFloats();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal container={floats}>
        <DropdownMenu.Content
          className="menu"
          align={align}
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          loop
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface MenuItemProps {
  icon?: LucideIcon;
  children: ReactNode;
  keys?: string | undefined;
  why?: string | null;
  onSelect: () => void;
}

export function MenuItem({ icon: Icon, children, keys, why = null, onSelect }: MenuItemProps): ReactNode {
  return (
    <DropdownMenu.Item className="menu-item" disabled={why !== null} onSelect={onSelect} title={why ?? undefined}>
      {Icon !== undefined && <Icon size={16} aria-hidden="true" />}
      {children}
      {keys !== undefined && (
        <span className="push">
          <kbd>{keys}</kbd>
        </span>
      )}
    </DropdownMenu.Item>
  );
}

interface MenuChoiceProps<Value extends string> {
  value: Value;
  items: readonly { value: Value; label: string; note?: string }[];
  onChange: (value: Value) => void;
}

export function MenuChoice<Value extends string>({ value, items, onChange }: MenuChoiceProps<Value>): ReactNode {
  const choose = (chosen: string): void => {
    const item = items.find((one) => one.value === chosen);
    if (item !== undefined) onChange(item.value);
  };
  return (
    <DropdownMenu.RadioGroup value={value} onValueChange={choose}>
      {items.map((item) => (
        <DropdownMenu.RadioItem key={item.value} value={item.value} className="menu-item">
          <span className="menu-check">
            <DropdownMenu.ItemIndicator>
              <Check size={16} aria-hidden="true" />
            </DropdownMenu.ItemIndicator>
          </span>
          {item.label}
          {item.note !== undefined && <span className="caption push">{item.note}</span>}
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

export function MenuRule(): ReactNode {
  return <DropdownMenu.Separator className="menu-rule" />;
}

interface PopProps {
  label: string;
  trigger: ReactNode;
  children: ReactNode;
  align?: 'start' | 'center' | 'end';
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  /** Takes the focus itself: on its first button, a tooltip would open over what is to be read. */
  isRead?: boolean;
}

function focusSelf(event: Event): void {
  event.preventDefault();
  if (event.target instanceof HTMLElement) event.target.focus();
}

export function Pop({ label, trigger, children, align = 'end', isOpen, onOpenChange, ...rest }: PopProps): ReactNode {
  const focus = rest.isRead === true ? { onOpenAutoFocus: focusSelf } : {};
  const floats = useFloats();
  const control = isOpen === undefined ? {} : { open: isOpen };
  const notice = onOpenChange === undefined ? {} : { onOpenChange };
  return (
    <Popover.Root modal={false} {...control} {...notice}>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      <Popover.Portal container={floats}>
        <Popover.Content
          className="pop"
          align={align}
          sideOffset={6}
          collisionPadding={8}
          aria-label={label}
          {...focus}
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
