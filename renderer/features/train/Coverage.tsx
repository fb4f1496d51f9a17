/** Whether all classes appear: the share of drawings that the judge reads as each, beside the even share. */
import type { ReactNode } from 'react';
import type { TrainingRun } from '../../../electron/contract/training';
import { formatMetric, verdictCheck } from '../../state/train-words';
import { countOf, formatShare } from '../../ui/format';
import { Tag } from '../../ui/parts';

/** The sentence and the bars tell these. */
const toldByShares = ['samples', 'modes', 'modesExpected', 'missingDraws'];

export function Coverage({ run }: { run: TrainingRun }): ReactNode {
  const verdict = verdictCheck(run.checks)?.verdict;
  if (verdict === null || verdict === undefined) return null;
  const { shares, figures } = verdict;
  const appearing = shares.filter((share) => share > 0).length;
  const most = Math.max(...shares, 0);
  const count = figures.find(({ name }) => name === 'samples')?.value;
  const drawn = count === undefined ? 'its drawings' : countOf(count, 'drawing');
  const told = figures.filter(({ name }) => !toldByShares.includes(name));
  return (
    <section className="train-section" aria-label="Mode coverage">
      <div className="row wrap train-section-head">
        <h3>Mode coverage</h3>
        {shares.length > 0 && (
          <>
            <Tag voice={appearing === shares.length ? 'gen' : 'bad'}>
              {appearing} of {shares.length}
            </Tag>
            <span className="caption">
              share of {drawn} that {run.judge ?? 'the judge'} reads as each class
            </span>
            <span className="row row-4 caption push">
              <span className="train-even-key" /> even share {formatShare(1 / shares.length)}
            </span>
          </>
        )}
      </div>
      {shares.length > 0 && (
        <ul className="train-shares" style={{ gridTemplateColumns: `repeat(${shares.length}, minmax(0, 1fr))` }}>
          {shares.map((share, place) => {
            const name = run.classes[place] ?? String(place);
            return (
              <li key={name} title={`${name}: ${formatShare(share)}`}>
                <span className="train-share" aria-hidden="true">
                  <span className="train-share-bar" style={{ height: `${(share / most) * 100}%` }} />
                  <span className="train-even" style={{ bottom: `${(1 / shares.length / most) * 100}%` }} />
                </span>
                <span className="caption num cut">
                  <span className="sr-only">{name} </span>
                  {formatShare(share)}
                </span>
              </li>
            );
          })}
        </ul>
      )}
      {told.length > 0 && (
        <dl className="train-figures">
          {told.map(({ name, title, value, unit }) => (
            <div key={name}>
              <dt className="caption">{title}</dt>
              <dd className="num">{formatMetric(value, unit)}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
