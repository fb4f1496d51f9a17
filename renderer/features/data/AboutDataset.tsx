/** Where a data set came from, its revisions, and what the import left out. */
import { Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DatasetDetail } from '../../../electron/contract/datasets';
import { useData } from '../../state/use-data';
import { useStudio } from '../../state/use-studio';
import { IconButton } from '../../ui/Button';
import { LeftOutList } from './LeftOutList';

export function AboutDataset({ detail }: { detail: DatasetDetail }): ReactNode {
  const { image, provenance, licence, splits } = detail;
  const channels = useData((data) => data.report?.channels) ?? [];
  const colours = image?.channels === 1 ? 'grey' : 'colour';
  return (
    <div className="data-about">
      <h2>{detail.entry.title}</h2>
      <p className="soft selectable">{provenance}</p>
      <dl className="kv">
        {licence !== '' && <dt>Licence</dt>}
        {licence !== '' && <dd>{licence}</dd>}
        {image !== null && <dt>Pictures</dt>}
        {image !== null && (
          <dd className="num">
            {image.width} × {image.height}, {colours}
          </dd>
        )}
        {channels.length > 0 && <dt>Brightness</dt>}
        {channels.length > 0 && (
          <dd className="num">
            {channels.map((one) => `${one.mean.toFixed(3)} ± ${one.deviation.toFixed(3)}`).join(', ')}
          </dd>
        )}
        <dt>Splits</dt>
        <dd className="num">
          {splits.method === 'given' ? 'as the source says' : 'equal shares of each class'}, seed {splits.seed}
        </dd>
        <dt>Revision</dt>
        <dd className="num">{detail.revision.slice(0, 16)}</dd>
      </dl>
      <Revisions detail={detail} />
      <LeftOutList leftOut={detail.leftOut} count={detail.leftOutCount} />
    </div>
  );
}

function Revisions({ detail }: { detail: DatasetDetail }): ReactNode {
  const studio = useStudio();
  if (detail.revisions.length === 0) return null;
  return (
    <>
      <h3 className="data-about-part">Sealed revisions</h3>
      <ul>
        {detail.revisions.map(({ hash, at }) => (
          <li key={hash} className="row num">
            <span className="grow">{hash.slice(0, 12)}</span>
            <span className="caption">
              {new Date(at).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' })}
            </span>
            <IconButton
              icon={Copy}
              label={`Copy revision ${hash.slice(0, 12)}`}
              onClick={() => void studio.bridge.copyText(hash)}
            />
          </li>
        ))}
      </ul>
    </>
  );
}
