/** Samples that belong together, side by side: duplicates, leaks, one picture under two labels; and what to do with them. */
import { Copy } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { DatasetDetail, Finding, Sample } from '../../../electron/contract/datasets';
import { excludeSamples, keepFirstOfEach } from '../../state/data-actions';
import { setData } from '../../state/data-load';
import { tileShape } from '../../state/data-rows';
import { selectOne } from '../../state/selection';
import { useData } from '../../state/use-data';
import { useStudio } from '../../state/use-studio';
import { Button } from '../../ui/Button';
import { countOf, formatCount } from '../../ui/format';
import { TileCanvas } from './TileCanvas';
import { useGroupSamples } from './use-group-samples';

/** Groups drawn at first; more come by the button, so that 500 of 50 do not cost a second. */
const atFirst = 40;
const tilesAcross = 760;

export function FindingGroups({ detail, finding }: { detail: DatasetDetail; finding: Finding }): ReactNode {
  const studio = useStudio();
  const [most, setMost] = useState(atFirst);
  const groups = finding.groups;
  const rest = groups.reduce((sum, group) => sum + Math.max(0, group.length - 1), 0);
  const samples = useGroupSamples(detail.entry.id, finding.id);
  return (
    <section className="groups" aria-label={finding.sentence}>
      <div className="row wrap groups-head">
        <p className="soft grow">
          {countOf(groups.length, 'group')} that belong together, side by side. {finding.advice}
        </p>
        {rest > 0 && finding.id !== 'label-conflicts' && (
          <Button isSmall icon={Copy} onClick={() => void keepFirstOfEach(studio, groups)}>
            Keep one of each, exclude {formatCount(rest)}
          </Button>
        )}
      </div>
      <ul className="groups-list">
        {groups.slice(0, most).map((group, at) => (
          <li key={at}>
            <Group detail={detail} group={group} samples={samples} />
          </li>
        ))}
      </ul>
      {groups.length > most && (
        <Button isSmall onClick={() => setMost(most + 5 * atFirst)}>
          Show more groups
        </Button>
      )}
    </section>
  );
}

interface GroupProps {
  detail: DatasetDetail;
  group: readonly number[];
  samples: ReadonlyMap<number, Sample>;
}

function Group({ detail, group, samples }: GroupProps): ReactNode {
  const studio = useStudio();
  const rest = group.slice(1).filter((index) => samples.get(index)?.isExcluded !== true);
  return (
    <div className="group">
      <div className="group-tiles">
        {group.map((index) => (
          <GroupTile key={index} detail={detail} index={index} sample={samples.get(index)} />
        ))}
      </div>
      {rest.length > 0 ? (
        <Button isSmall tone="quiet" onClick={() => void excludeSamples(studio, rest, true)}>
          Keep the first
        </Button>
      ) : (
        <span className="caption">only one is left in</span>
      )}
    </div>
  );
}

interface GroupTileProps {
  detail: DatasetDetail;
  index: number;
  sample: Sample | undefined;
}

function GroupTile({ detail, index, sample }: GroupTileProps): ReactNode {
  const studio = useStudio();
  const isSelected = useData((data) => data.selection.ids.has(index));
  const shape = useMemo(() => tileShape(tilesAcross, 'medium', detail.image), [detail.image]);
  const one = useMemo(() => [index], [index]);
  const isImage = detail.entry.kind === 'image';
  const name = sample?.name ?? `Sample ${index}`;
  return (
    <button
      type="button"
      className="group-tile"
      aria-pressed={isSelected}
      data-excluded={sample?.isExcluded === true || undefined}
      title={name}
      style={{ width: isImage ? Math.max(shape.width, 92) : 180 }}
      onClick={() => setData(studio, { selection: selectOne(index) })}
      onDoubleClick={() => setData(studio, { opened: { index, how: 'view' } })}
    >
      {isImage ? (
        <TileCanvas id={detail.entry.id} indices={one} columns={1} tile={shape} gap={0} />
      ) : (
        <span className="group-text cut">{sample?.excerpt.join(', ') ?? ''}</span>
      )}
      <span className="cut strong">{sample?.label ?? 'no label'}</span>
      <span className="cut caption">
        {sample?.split ?? ''}
        {sample?.isExcluded === true ? ', excluded' : ''}
      </span>
      <span className="sr-only">{name}</span>
    </button>
  );
}
