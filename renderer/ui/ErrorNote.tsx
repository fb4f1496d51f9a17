/** An error where it happened: what and why in words, what to do, details folded, a copy button. */
import { Copy, RotateCcw } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Failure } from '../../electron/contract/errors';
import { Button } from './Button';

interface ErrorNoteProps {
  title: string;
  failure: Failure;
  onCopy: (text: string) => void;
  onRetry?: (() => void) | undefined;
  children?: ReactNode;
}

/** What the copy button gives: everything somebody who helps would ask for. */
export function failureText(title: string, failure: Failure): string {
  const facts = Object.entries(failure.details).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return [title, failure.message, `code: ${failure.code}`, ...facts].join('\n');
}

/** An error below the fold is an error not told. */
function bringIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}

export function ErrorNote({ title, failure, onCopy, onRetry, children }: ErrorNoteProps): ReactNode {
  const text = failureText(title, failure);
  return (
    <div className="error-note" role="alert" ref={bringIntoView}>
      <span className="mark mark-bad" aria-hidden="true" />
      <strong className="strong">{title}</strong>
      <p className="soft selectable">{failure.message}</p>
      <div className="row wrap">
        {onRetry !== undefined && (
          <Button isSmall icon={RotateCcw} onClick={onRetry}>
            Retry
          </Button>
        )}
        {children}
        <Button isSmall tone="quiet" icon={Copy} onClick={() => onCopy(text)}>
          Copy details
        </Button>
      </div>
      <details>
        <summary>Details</summary>
        <pre>{text}</pre>
      </details>
    </div>
  );
}
