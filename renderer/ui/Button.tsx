/** Buttons: a disabled one stays reachable and its tooltip says why. */
import type { LucideIcon } from 'lucide-react';
import type { ComponentPropsWithRef, ReactNode } from 'react';
import { Tip } from './Tip';

interface ButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'disabled'> {
  tone?: 'plain' | 'quiet' | 'ink' | 'real' | 'gen';
  isSmall?: boolean;
  icon?: LucideIcon;
  /** Why it cannot be used now; null or absent when it can. */
  why?: string | null;
}

export function Button({ tone = 'plain', isSmall = false, icon: Icon, why = null, ...rest }: ButtonProps): ReactNode {
  const { className = '', onClick, children, ...others } = rest;
  const button = (
    <button
      type="button"
      className={`btn btn-${tone} ${isSmall ? 'btn-s' : ''} ${className}`}
      aria-disabled={why !== null || undefined}
      onClick={(event) => (why === null ? onClick?.(event) : event.preventDefault())}
      {...others}
    >
      {Icon !== undefined && <Icon size={16} aria-hidden="true" />}
      {children}
    </button>
  );
  return why === null ? button : <Tip text={why}>{button}</Tip>;
}

interface IconButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'disabled' | 'children'> {
  icon: LucideIcon;
  /** Its name, also shown as tooltip. */
  label: string;
  keys?: string | undefined;
  why?: string | null;
  isSmall?: boolean;
  tone?: 'plain' | 'quiet';
}

export function IconButton({ icon: Icon, label, keys, why = null, ...rest }: IconButtonProps): ReactNode {
  const { isSmall = true, tone = 'quiet', className = '', onClick, ...others } = rest;
  return (
    <Tip text={why ?? label} keys={why === null ? keys : undefined}>
      <button
        type="button"
        className={`btn btn-${tone} btn-icon ${isSmall ? 'btn-s' : ''} ${className}`}
        aria-label={label}
        aria-disabled={why !== null || undefined}
        onClick={(event) => (why === null ? onClick?.(event) : event.preventDefault())}
        {...others}
      >
        <Icon size={16} aria-hidden="true" />
      </button>
    </Tip>
  );
}
