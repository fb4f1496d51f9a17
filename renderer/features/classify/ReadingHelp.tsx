/** Nothing selected: how to read the screen, and the most frequent labels as doors. */
import { type ReactNode, useMemo } from 'react';
import { formatConfidence } from '../../../electron/contract/photo';
import { countLabels } from '../../state/photo-list';
import { useStudio, useStudioState } from '../../state/use-studio';
import { setFilter } from '../../state/view-actions';
import { formatCount } from '../../ui/format';
import { Mark, Track } from '../../ui/parts';

const shownLabels = 10;

export function ReadingHelp(): ReactNode {
  const threshold = useStudioState((state) => state.threshold);
  return (
    <>
      <section className="stack stack-8 help">
        <h2 className="text-18">How to read this</h2>
        <p className="soft">
          The model gives each picture a label and says how sure it is. From {formatConfidence(threshold)} on you let it
          decide; drag the line above to be stricter or kinder.
        </p>
        <p className="row help-line">
          <Mark voice="real" />
          <span>Sure: counts as a label</span>
        </p>
        <p className="row help-line">
          <Mark voice="warn" />
          <span>Unsure: a guess, waiting for you</span>
        </p>
        <p className="row help-line">
          <Mark voice="bad" />
          <span>Wrong: you gave another label</span>
        </p>
        <p className="caption">Select a picture to see what else it might be. Enter opens it large.</p>
      </section>
      <FrequentLabels />
    </>
  );
}

function FrequentLabels(): ReactNode {
  const studio = useStudio();
  const all = useStudioState((state) => state.list.all);
  const model = useStudioState((state) => state.selected[0] ?? '');
  const labels = useMemo(() => countLabels(all, model).slice(0, shownLabels), [all, model]);
  const most = labels[0]?.count ?? 1;
  // Each label once: nothing to count yet.
  if (most < 2) return null;
  return (
    <section>
      <h3 className="verdict-head">Most frequent</h3>
      {labels.map(({ label, count }) => (
        <button
          key={label}
          type="button"
          className="verdict-line verdict-door"
          title={`Show every picture labelled “${label}”`}
          onClick={() => setFilter(studio, { label })}
        >
          <span className="cut">{label}</span>
          <Track value={count / most} tone="mute" />
          <span className="num soft">{formatCount(count)}</span>
        </button>
      ))}
    </section>
  );
}
