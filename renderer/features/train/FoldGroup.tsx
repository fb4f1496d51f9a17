/** A group of settings: closed, it says what stands in it; open, each setting with its help. */
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';

interface FoldGroupProps {
  title: string;
  summary: string;
  /** Something in it differs from the recipe. */
  isTouched?: boolean;
  children: ReactNode;
}

export function FoldGroup({ title, summary, isTouched = false, children }: FoldGroupProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="train-group">
      <button
        type="button"
        className="train-group-row"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <ChevronRight size={16} aria-hidden="true" className="train-chevron" />
        <span>{title}</span>
        {isTouched && <span className="train-touched" title="Differs from the recipe" />}
        <span className="caption num cut train-group-summary">{isOpen ? '' : summary}</span>
      </button>
      {isOpen && (
        <div id={id} className="train-group-body">
          {children}
        </div>
      )}
    </div>
  );
}
