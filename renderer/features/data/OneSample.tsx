/** One sample: its picture, what it is, in which split, what it looks like, and what a person can change about it. */
import { Ban, RotateCcw, Tag as TagIcon } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import type { DatasetDetail, Sample } from '../../../electron/contract/datasets';
import { splitNames } from '../../../electron/contract/samples';
import { excludeSamples, labelSamples, moveSamples } from '../../state/data-actions';
import { getData, setData } from '../../state/data-load';
import { selectOne } from '../../state/selection';
import { useData } from '../../state/use-data';
import { useStudio } from '../../state/use-studio';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { ErrorNote } from '../../ui/ErrorNote';
import { countOf } from '../../ui/format';
import { Tag } from '../../ui/parts';
import { ClassPicker } from './ClassPicker';
import { FullPicture } from './FullPicture';
import { TileCanvas } from './TileCanvas';
import { type SampleFacts, useSampleFacts } from './use-samples';

/** Room for the whole picture, but no tower. */
function aspectOf({ image }: DatasetDetail): number {
  return image === null ? 1 : Math.max(1, image.width / image.height);
}

interface OneSampleProps {
  detail: DatasetDetail;
  index: number;
  hasPicture: boolean;
}

export function OneSample({ detail, index, hasPicture }: OneSampleProps): ReactNode {
  const studio = useStudio();
  const { facts, failure } = useSampleFacts(detail.entry.id, index);
  const isImage = detail.entry.kind === 'image';
  return (
    <>
      {isImage && hasPicture && (
        <div className="sample-picture" style={{ aspectRatio: String(aspectOf(detail)) }}>
          <FullPicture id={detail.entry.id} index={index} name={facts?.sample.name ?? ''} />
        </div>
      )}
      <div className="inspector-body" tabIndex={0} role="group" aria-label="Sample">
        {failure !== null && (
          <section>
            <ErrorNote
              title="This sample could not be read"
              failure={failure}
              onCopy={(text) => void studio.bridge.copyText(text)}
            />
          </section>
        )}
        {facts !== null && <Head detail={detail} facts={facts} />}
        {facts !== null && facts.text !== '' && (
          <section>
            <p className={`sample-text selectable ${detail.entry.kind === 'molecule' ? 'num' : ''}`}>{facts.text}</p>
          </section>
        )}
        {facts !== null && <Place sample={facts.sample} />}
        {facts !== null && facts.alike.length > 0 && <Alike detail={detail} alike={facts.alike} />}
        {facts !== null && <Facts facts={facts} />}
      </div>
    </>
  );
}

function Head({ detail, facts }: { detail: DatasetDetail; facts: SampleFacts }): ReactNode {
  const studio = useStudio();
  const isPicking = useData((data) => data.isPicking);
  const { sample } = facts;
  const { index, label, name, isEdited, isExcluded, isMarkedSynthetic } = sample;
  const hasLabels = detail.entry.kind !== 'row' || detail.classes.length > 0;
  return (
    <section>
      <div className="row inspector-title">
        <h2 className={`text-18 grow ${label === null ? 'faint' : ''}`}>{label ?? 'No label'}</h2>
        {isMarkedSynthetic && <Tag voice="gen">generated</Tag>}
        {isExcluded && <Tag voice="slate">excluded</Tag>}
        {isEdited && !isExcluded && !isMarkedSynthetic && <Tag voice="slate">changed</Tag>}
      </div>
      <p className="caption selectable sample-name">{name}</p>
      {hasLabels && (
        <Button
          isSmall
          icon={TagIcon}
          aria-expanded={isPicking}
          onClick={() => setData(studio, { isPicking: !getData(studio).isPicking })}
        >
          {label === null ? 'Give a label' : 'It is another'} <kbd>L</kbd>
        </Button>
      )}
      {isPicking && (
        <ClassPicker
          detail={detail}
          current={label}
          onPick={(chosen) => void labelSamples(studio, [index], chosen)}
          onClose={() => setData(studio, { isPicking: false })}
        />
      )}
    </section>
  );
}

function Place({ sample }: { sample: Sample }): ReactNode {
  const studio = useStudio();
  const { index, split, isExcluded } = sample;
  return (
    <section className="stack stack-8">
      <div className="row">
        <span className="soft sample-word">Split</span>
        <Choice
          label="Split of this sample"
          isWide
          value={split}
          items={splitNames.map((one) => ({ value: one, label: one === 'validation' ? 'Val' : capital(one) }))}
          onChange={(chosen) => void moveSamples(studio, [index], chosen)}
        />
      </div>
      <Button icon={isExcluded ? RotateCcw : Ban} onClick={() => void excludeSamples(studio, [index], !isExcluded)}>
        {isExcluded ? 'Take it back in' : 'Exclude it'} <kbd>Del</kbd>
      </Button>
      {isExcluded && <p className="caption">It stays in the data set, but nothing learns from it.</p>}
    </section>
  );
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

const alikeSide = 60;
const shownAlike = 12;

function Alike({ detail, alike }: { detail: DatasetDetail; alike: readonly number[] }): ReactNode {
  const isImage = detail.entry.kind === 'image';
  return (
    <section>
      <h3>{countOf(alike.length, 'sample')} look alike</h3>
      <div className="alike">
        {alike.slice(0, shownAlike).map((index) => (
          <AlikeTile key={index} id={detail.entry.id} index={index} isImage={isImage} />
        ))}
      </div>
    </section>
  );
}

function AlikeTile({ id, index, isImage }: { id: string; index: number; isImage: boolean }): ReactNode {
  const studio = useStudio();
  const one = useMemo(() => [index], [index]);
  const jump = (): void => {
    const { opened } = getData(studio);
    setData(studio, { selection: selectOne(index), opened: opened === null ? null : { index, how: opened.how } });
  };
  return (
    <button type="button" className="alike-tile" aria-label={`Go to sample ${index}`} onClick={jump}>
      {isImage ? (
        <TileCanvas id={id} indices={one} columns={1} tile={{ width: alikeSide, height: alikeSide }} gap={0} />
      ) : (
        <span className="num">{index}</span>
      )}
    </button>
  );
}

function Facts({ facts }: { facts: SampleFacts }): ReactNode {
  return (
    <section>
      <h3>Facts</h3>
      <dl className="kv sample-facts">
        {facts.facts.map(({ name, value }, at) => (
          <FactLine key={at} name={name} value={value} />
        ))}
        <dt>SHA-256</dt>
        <dd className="num">{facts.hash.slice(0, 16)}</dd>
      </dl>
    </section>
  );
}

function FactLine({ name, value }: { name: string; value: string }): ReactNode {
  return (
    <>
      <dt className="cut" title={name}>
        {name}
      </dt>
      <dd className="num">{value}</dd>
    </>
  );
}
