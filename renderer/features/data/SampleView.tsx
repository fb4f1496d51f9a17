/** One sample large: in the place of the grid, or for a moment over it. */
import { ArrowLeft, ArrowRight, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DatasetDetail } from '../../../electron/contract/datasets';
import { setData } from '../../state/data-load';
import { useData } from '../../state/use-data';
import { useStudio } from '../../state/use-studio';
import { IconButton } from '../../ui/Button';
import { formatCount } from '../../ui/format';
import { FullPicture } from './FullPicture';
import { stepSample } from './use-sample-keys';
import { useSampleFacts } from './use-samples';

interface ViewProps {
  detail: DatasetDetail;
  index: number;
}

export function SampleView({ detail, index }: ViewProps): ReactNode {
  const studio = useStudio();
  const order = useData((data) => data.order);
  const place = order === null ? -1 : order.indices.indexOf(index);
  const total = order?.indices.length ?? 0;
  const { facts } = useSampleFacts(detail.entry.id, index);
  const name = facts?.sample.name ?? `Sample ${index}`;
  return (
    <section className="sample-view" aria-label={`Large view of ${name}`}>
      <div className="row sample-view-bar">
        <IconButton
          icon={ArrowLeft}
          label="The one before"
          keys="←"
          why={place > 0 ? null : 'This is the first.'}
          onClick={() => stepSample(studio, -1)}
        />
        <IconButton
          icon={ArrowRight}
          label="The next"
          keys="→"
          why={place < total - 1 ? null : 'This is the last.'}
          onClick={() => stepSample(studio, 1)}
        />
        <span className="strong cut">{name}</span>
        <span className="caption num">{place < 0 ? '' : `${formatCount(place + 1)} of ${formatCount(total)}`}</span>
        <span className="grow" />
        <IconButton icon={X} label="Back to all" keys="Esc" onClick={() => setData(studio, { opened: null })} />
      </div>
      <Large detail={detail} index={index} name={name} text={facts?.text ?? ''} />
    </section>
  );
}

/** Space shows it, Space hides it; it takes no focus, so that the arrows go on in the grid. */
export function SamplePreview({ detail, index }: ViewProps): ReactNode {
  const { facts } = useSampleFacts(detail.entry.id, index);
  const name = facts?.sample.name ?? `Sample ${index}`;
  return (
    <section className="sample-preview" aria-label={`Preview of ${name}`}>
      <Large detail={detail} index={index} name={name} text={facts?.text ?? ''} />
      <p className="row caption">
        <span className="cut grow">{name}</span>
        <span>{facts?.sample.label ?? (facts === null ? '' : 'no label')}</span>
        <span>{facts?.sample.split ?? ''}</span>
      </p>
    </section>
  );
}

interface LargeProps extends ViewProps {
  name: string;
  text: string;
}

function Large({ detail, index, name, text }: LargeProps): ReactNode {
  const { facts } = useSampleFacts(detail.entry.id, index);
  if (detail.entry.kind === 'image') {
    return (
      <div className="sample-large">
        <FullPicture id={detail.entry.id} index={index} name={name} />
      </div>
    );
  }
  return (
    <div className="sample-large sample-large-text" tabIndex={0} role="group" aria-label={name}>
      {text !== '' && <p className="selectable sample-text">{text}</p>}
      <dl className="kv">
        {(facts?.facts ?? []).map((fact, at) => (
          <div key={at} className="fact-row">
            <dt>{fact.name}</dt>
            <dd className="num">{fact.value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
