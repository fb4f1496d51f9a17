/** The files that an import left out, each with the reason. */
import type { ReactNode } from 'react';
import type { DatasetDetail } from '../../../electron/contract/datasets';
import { countOf } from '../../ui/format';

const shown = 50;

interface LeftOutListProps {
  leftOut: DatasetDetail['leftOut'];
  count: number;
}

export function LeftOutList({ leftOut, count }: LeftOutListProps): ReactNode {
  if (count === 0) return null;
  return (
    <>
      <h3 className="data-about-part">{countOf(count, 'file')} left out</h3>
      <ul className="data-left-out" tabIndex={0} aria-label="Files left out">
        {leftOut.slice(0, shown).map(({ name, failure }, at) => (
          <li key={at}>
            <span className="strong selectable">{name}</span>
            <span className="soft selectable"> {failure.message}</span>
          </li>
        ))}
      </ul>
      {count > shown && <p className="caption">and {countOf(count - shown, 'other')}; all are in the job&apos;s log</p>}
    </>
  );
}
