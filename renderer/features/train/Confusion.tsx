/** What a judge takes for what: the matrix of the newest look or of one chosen on the slider, and the commonest mistakes. */
import type { ReactNode } from 'react';
import type { Check, TrainingRun } from '../../../electron/contract/training';
import { Matrix } from '../../charts/Matrix';
import { type Cell, countAt, mistakesOf, rowTotal } from '../../charts/matrix-facts';
import { useTrain } from '../../state/use-train';
import { countOf, formatCount } from '../../ui/format';
import { Mark } from '../../ui/parts';
import { HistorySlider } from './HistorySlider';

/** More cells than these cannot be told apart: then the mistakes are listed alone. */
const mostClasses = 30;

export function Confusion({ run }: { run: TrainingRun }): ReactNode {
  const at = useTrain((train) => train.at);
  const looks = run.checks.filter(({ confusion }) => confusion !== null);
  const check = looks.find(({ step }) => step === at) ?? looks.at(-1);
  const steps = looks.map(({ step }) => step);
  return (
    <section className="train-section" aria-label="Confusion matrix">
      <div className="row wrap train-section-head">
        <h3>Taken for</h3>
        <span className="caption num">
          {check === undefined
            ? 'the first look comes soon'
            : `samples it has not learned from, step ${formatCount(check.step)}; classes down, answers across`}
        </span>
        <HistorySlider steps={steps} />
      </div>
      {check === undefined ? <div className="train-well train-well-matrix" /> : <Table run={run} check={check} />}
    </section>
  );
}

function Table({ run: { classes }, check: { confusion } }: { run: TrainingRun; check: Check }): ReactNode {
  if (confusion === null) return null;
  const name = (place: number): string => classes[place] ?? String(place);
  const describe = (cell: Cell): string => {
    const count = `${formatCount(countAt(confusion, cell))} of ${formatCount(rowTotal(confusion, cell.row))}`;
    return cell.row === cell.column
      ? `${name(cell.row)} answered right: ${count}`
      : `${name(cell.row)} taken for ${name(cell.column)}: ${count}`;
  };
  const mistakes = mistakesOf(confusion, 8);
  return (
    <div className="train-confusion">
      {classes.length <= mostClasses && (
        <Matrix label="Classes and answers" classes={classes} counts={confusion} describe={describe} />
      )}
      <div className="train-mistakes">
        <h4 className="train-label">{mistakes.length === 0 ? 'No mistakes' : 'Most frequent mistakes'}</h4>
        <ol>
          {mistakes.map(({ row, column, count }) => (
            <li key={`${row} ${column}`} className="row">
              <Mark voice="bad" />
              <span className="cut">
                {name(row)} <span className="faint">taken for</span> {name(column)}
              </span>
              <span className="caption num push">{countOf(count, 'time')}</span>
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}
