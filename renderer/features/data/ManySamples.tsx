/** Several samples selected: how many, and what can be done with all of them at once. */
import { Ban, RotateCcw, Tag as TagIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DatasetDetail } from '../../../electron/contract/datasets';
import { splitNames } from '../../../electron/contract/samples';
import { clearSamples, excludeSamples, labelSamples, moveSamples } from '../../state/data-actions';
import { getData, setData } from '../../state/data-load';
import { nounOf } from '../../state/data-state';
import { useData } from '../../state/use-data';
import { useStudio } from '../../state/use-studio';
import { Button } from '../../ui/Button';
import { countOf } from '../../ui/format';
import { ClassPicker } from './ClassPicker';
import { TileCanvas } from './TileCanvas';

const shown = 12;
const side = { width: 60, height: 60 };

export function ManySamples({ detail, ids }: { detail: DatasetDetail; ids: ReadonlySet<number> }): ReactNode {
  const studio = useStudio();
  const isPicking = useData((data) => data.isPicking);
  const [one, many] = nounOf(detail.entry.kind);
  const all = [...ids];
  return (
    <>
      <section>
        <h2 className="text-18 num">{countOf(ids.size, one, many)} selected</h2>
        <button type="button" className="link caption" onClick={() => clearSamples(studio)}>
          Select none
        </button>
        {detail.entry.kind === 'image' && (
          <div className="many-tiles">
            <TileCanvas id={detail.entry.id} indices={all.slice(0, shown)} columns={4} tile={side} gap={8} />
          </div>
        )}
      </section>
      <section className="stack stack-8">
        <Button
          icon={TagIcon}
          aria-expanded={isPicking}
          onClick={() => setData(studio, { isPicking: !getData(studio).isPicking })}
        >
          All of them are... <kbd>L</kbd>
        </Button>
        {isPicking && (
          <ClassPicker
            detail={detail}
            current={null}
            onPick={(label) => void labelSamples(studio, all, label)}
            onClose={() => setData(studio, { isPicking: false })}
          />
        )}
        <Button icon={Ban} onClick={() => void excludeSamples(studio, all, true)}>
          Exclude them <kbd>Del</kbd>
        </Button>
        <Button icon={RotateCcw} onClick={() => void excludeSamples(studio, all, false)}>
          Take them back in
        </Button>
      </section>
      <section className="stack stack-8">
        <h3>Put all of them into</h3>
        <div className="row wrap">
          {splitNames.map((split) => (
            <Button key={split} isSmall onClick={() => void moveSamples(studio, all, split)}>
              {split}
            </Button>
          ))}
        </div>
      </section>
    </>
  );
}
