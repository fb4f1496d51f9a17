/** The first samples of what is to be imported: pictures with their labels, or lines. */
import { type ReactNode, useEffect, useState } from 'react';
import type { Inspection } from '../../../electron/contract/samples';

export function ImportPreview({ inspection }: { inspection: Inspection }): ReactNode {
  const { pictures, rows } = inspection;
  return (
    <aside className="side-sheet-body import-look" aria-label="First samples" tabIndex={0}>
      <h3>First samples</h3>
      {pictures.length > 0 && (
        <ul className="import-pictures">
          {pictures.map((picture, at) => (
            <li key={at}>
              <Picture picture={picture} />
            </li>
          ))}
        </ul>
      )}
      {pictures.length === 0 && rows.length > 0 && (
        <ul className="import-rows">
          {rows.map((row, at) => (
            <li key={at} className="num">
              {row.join(' · ')}
            </li>
          ))}
        </ul>
      )}
      {pictures.length === 0 && rows.length === 0 && <p className="caption">Nothing of it can be shown here.</p>}
    </aside>
  );
}

function Picture({ picture }: { picture: Inspection['pictures'][number] }): ReactNode {
  const [url, setUrl] = useState<string | null>(null);
  const { bytes, name, label, width, height } = picture;
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes.slice()]));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes]);
  return (
    <figure title={`${name}, ${width} × ${height}`}>
      <span className="photo import-picture">{url !== null && <img src={url} alt={name} draggable={false} />}</span>
      <figcaption className="caption cut">{label ?? 'no label'}</figcaption>
    </figure>
  );
}
