/** How many samples each class has, and in which split they are: every bar opens what it counts. */
import { Shuffle } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { ClassRow, DatasetDetail } from '../../../electron/contract/datasets';
import { splitNames, type Split } from '../../../electron/contract/samples';
import { edit } from '../../state/data-actions';
import { setSampleFilter } from '../../state/data-load';
import { useData } from '../../state/use-data';
import { useStudio } from '../../state/use-studio';
import { Button, IconButton } from '../../ui/Button';
import { formatCount, formatPercent } from '../../ui/format';
import { Pop } from '../../ui/Menu';
import { SplitFields } from './SplitFields';

const splitWords: Readonly<Record<Split, string>> = { train: 'train', validation: 'val', test: 'test' };
/** More bars than anyone reads; the name field finds the others. */
const mostBars = 300;

function sumOf(row: ClassRow): number {
  return row.train + row.validation + row.test;
}

export function ClassBars({ detail }: { detail: DatasetDetail }): ReactNode {
  const { classes, unlabelled } = detail;
  const hasOpen = sumOf(unlabelled) > 0;
  const all = hasOpen ? [...classes, unlabelled] : classes;
  const most = Math.max(1, ...all.map(sumOf));
  return (
    <section className="class-bars" aria-label="Classes">
      <div className="row data-part-head">
        <h3 className="grow">{classes.length === 0 ? 'Splits' : 'Classes'}</h3>
        {splitNames.map((split) => (
          <span key={split} className="row row-4 caption">
            <span className={`bar-key bar-${split}`} />
            {splitWords[split]}
          </span>
        ))}
        <SplitButton detail={detail} />
      </div>
      <ul className="class-rows" aria-label="Samples of each class" tabIndex={all.length > 8 ? 0 : undefined}>
        {classes.slice(0, mostBars).map((row) => (
          <ClassBar key={row.name} row={row} label={row.name} most={most} />
        ))}
        {hasOpen && <ClassBar row={unlabelled} label={null} most={most} />}
      </ul>
      {classes.length > mostBars && (
        <p className="caption">and {formatCount(classes.length - mostBars)} more classes below</p>
      )}
    </section>
  );
}

function ClassBar({ row, label, most }: { row: ClassRow; label: string | null; most: number }): ReactNode {
  const studio = useStudio();
  const isChosen = useData((data) => data.filter.label === label);
  const chosenSplit = useData((data) => data.filter.split);
  const total = sumOf(row);
  const name = label ?? 'no label';
  const open = (split: Split | undefined): void => {
    const isSame = isChosen && chosenSplit === split;
    setSampleFilter(studio, { label: isSame ? undefined : label, split: isSame ? undefined : split });
  };
  const excluded = row.excluded > 0 ? `, ${formatCount(row.excluded)} excluded` : '';
  return (
    <li className="class-row" data-chosen={isChosen || undefined}>
      <button
        type="button"
        className={`cut class-name ${label === null ? 'faint' : ''}`}
        aria-pressed={isChosen && chosenSplit === undefined}
        title={`Show only ${name}${excluded}`}
        onClick={() => open(undefined)}
      >
        {name}
      </button>
      <span className="class-bar">
        {splitNames.map((split) => {
          const count = row[split];
          if (count === 0) return null;
          const share = formatPercent(count / Math.max(1, total));
          return (
            <button
              key={split}
              type="button"
              className={`bar-part bar-${split}`}
              style={{ width: `${(count / most) * 100}%` }}
              aria-pressed={isChosen && chosenSplit === split}
              aria-label={`${name}, ${split}: ${formatCount(count)}, ${share}`}
              title={`${name}, ${split}: ${formatCount(count)}, ${share}`}
              onClick={() => open(split)}
            />
          );
        })}
      </span>
      <span className="num soft class-count">{formatCount(total)}</span>
    </li>
  );
}

function SplitButton({ detail }: { detail: DatasetDetail }): ReactNode {
  const studio = useStudio();
  const [isOpen, setOpen] = useState(false);
  const [plan, setPlan] = useState(detail.splits);
  const draw = (): void => {
    setOpen(false);
    void edit(studio, { edit: 'resplit', plan });
  };
  return (
    <Pop
      label="Splits"
      trigger={<IconButton icon={Shuffle} label="Draw the splits anew" />}
      isOpen={isOpen}
      onOpenChange={(open) => {
        setOpen(open);
        setPlan(detail.splits);
      }}
    >
      <h2>Splits</h2>
      <p className="soft">
        The judge learns from the training part only; the others tell how well it does on what it has not seen.
      </p>
      <SplitFields plan={plan} canBeGiven={detail.splits.method === 'given'} onChange={setPlan} />
      <Button tone="ink" onClick={draw}>
        Draw them anew
      </Button>
    </Pop>
  );
}
