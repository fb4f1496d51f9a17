/** Which data set a run learns from: the chosen one with its little picture, and the others in a menu. */
import { ChevronsUpDown, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DatasetEntry } from '../../../electron/contract/datasets';
import { loadGallery } from '../../state/data-load';
import { nounOf } from '../../state/data-state';
import { canTeach, setSetup } from '../../state/train-load';
import { useData } from '../../state/use-data';
import { useStudio } from '../../state/use-studio';
import { useTrain } from '../../state/use-train';
import { goTo } from '../../state/view-actions';
import { countOf, formatCount } from '../../ui/format';
import { Menu, MenuItem, MenuRule } from '../../ui/Menu';
import { PreviewSquare } from '../../ui/PreviewSquare';

/** "60,000 · 10 classes". */
function factsOf({ samples, classes, kind }: DatasetEntry): string {
  const [, many] = nounOf(kind);
  return classes === 0
    ? `${formatCount(samples)} ${many}`
    : `${formatCount(samples)} · ${countOf(classes, 'class', 'classes')}`;
}

export function DatasetPicker(): ReactNode {
  const studio = useStudio();
  const datasets = useData((data) => data.datasets);
  const chosen = useTrain((train) => train.setup.dataset);
  const entry = datasets.find(({ id }) => id === chosen);
  const trigger = (
    <button type="button" className="train-pick">
      <span className="sr-only">Data set: </span>
      {entry === undefined ? <span className="soft grow">Choose a data set</span> : <Item entry={entry} />}
      <ChevronsUpDown size={16} aria-hidden="true" />
    </button>
  );
  return (
    <Menu label="Data set" trigger={trigger}>
      {datasets.map((one) => (
        <MenuItem
          key={one.id}
          why={canTeach(one) ? null : whyNot(one)}
          onSelect={() => setSetup(studio, { dataset: one.id, recipe: null })}
        >
          <Item entry={one} />
        </MenuItem>
      ))}
      <MenuRule />
      <MenuItem
        icon={Plus}
        onSelect={() => {
          goTo(studio, 'data');
          void loadGallery(studio);
        }}
      >
        Add another...
      </MenuItem>
    </Menu>
  );
}

function whyNot({ state, samples }: DatasetEntry): string {
  if (state === 'importing') return 'It is still coming in.';
  if (state === 'broken') return 'It cannot be read.';
  return samples === 0 ? 'There is nothing in it.' : 'Only pictures and rows of numbers can be learned from yet.';
}

function Item({ entry }: { entry: DatasetEntry }): ReactNode {
  return (
    <>
      <PreviewSquare entry={entry} side={35} />
      <span className="stack grow">
        <span className="strong cut">{entry.title}</span>
        <span className="caption num cut">{factsOf(entry)}</span>
      </span>
    </>
  );
}
