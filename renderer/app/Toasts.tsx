/** Toasts: what was done, with the way back; gone after eight seconds unless the pointer rests on them. */
import { X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { dismissToast } from '../state/messages';
import type { Toast } from '../state/studio-state';
import { useStudio, useStudioState } from '../state/use-studio';
import { failureText } from '../ui/ErrorNote';
import { Mark } from '../ui/parts';

const shownMs = 8000;

export function Toasts(): ReactNode {
  const toasts = useStudioState((state) => state.toasts);
  return (
    <div className="toasts" role="region" aria-label="Notices" aria-live="polite">
      {toasts.map((toast) => (
        <OneToast key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function OneToast({ toast }: { toast: Toast }): ReactNode {
  const studio = useStudio();
  const [isHeld, setHeld] = useState(false);
  const { id, action, failure } = toast;
  useEffect(() => {
    if (isHeld || failure !== null) return undefined;
    const timer = setTimeout(() => dismissToast(studio, id), shownMs);
    return () => clearTimeout(timer);
  }, [studio, id, isHeld, failure]);
  const act = (): void => {
    dismissToast(studio, id);
    action?.run();
  };
  return (
    <div className="toast" onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)}>
      {failure !== null && <Mark voice="bad" />}
      <span className="toast-text">
        {toast.text}
        {failure !== null && <span className="toast-why"> {failure.message}</span>}
      </span>
      {action !== null && (
        <button type="button" className="toast-action" onClick={act}>
          {action.label} {action.keys !== null && <kbd>{action.keys}</kbd>}
        </button>
      )}
      {failure !== null && (
        <button
          type="button"
          className="toast-action"
          onClick={() => void studio.bridge.copyText(failureText(toast.text, failure))}
        >
          Copy details
        </button>
      )}
      <button
        type="button"
        className="toast-close"
        aria-label="Dismiss notice"
        onClick={() => dismissToast(studio, id)}
      >
        <X size={16} aria-hidden="true" />
      </button>
    </div>
  );
}
