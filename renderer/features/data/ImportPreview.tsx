/** The first samples of what is to be imported: pictures with their labels, or lines. */
import { type ReactNode, useEffect, useRef } from 'react';
import type { Inspection } from '../../../electron/contract/samples';
import { isHard } from '../../ui/pixel-look';

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

/** Drawn, not linked: the page's policy lets in no pictures but its own. */
function Picture({ picture }: { picture: Inspection['pictures'][number] }): ReactNode {
  const ref = useRef<HTMLCanvasElement | null>(null);
  const { bytes, name, label, width, height } = picture;
  useEffect(() => {
    const held = { isGone: false };
    createImageBitmap(new Blob([bytes.slice()]))
      .then((bitmap) => {
        if (!held.isGone) drawMiddle(ref.current, bitmap);
        bitmap.close();
      })
      // What the decoder of the page refuses stays an empty well; the inspection has read it.
      .catch(() => undefined);
    return () => {
      held.isGone = true;
    };
  }, [bytes]);
  return (
    <figure title={`${name}, ${width} × ${height}`}>
      <span className="photo import-picture">
        <canvas ref={ref} role="img" aria-label={name} />
      </span>
      <figcaption className="caption cut">{label ?? 'no label'}</figcaption>
    </figure>
  );
}

function drawMiddle(canvas: HTMLCanvasElement | null, bitmap: ImageBitmap): void {
  const context = canvas?.getContext('2d') ?? null;
  if (canvas === null || context === null) return;
  const side = Math.max(1, Math.round(canvas.clientWidth * window.devicePixelRatio));
  canvas.width = side;
  canvas.height = side;
  const cut = Math.min(bitmap.width, bitmap.height);
  const [x, y] = [(bitmap.width - cut) / 2, (bitmap.height - cut) / 2];
  context.imageSmoothingEnabled = !isHard(bitmap, side / cut);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, x, y, cut, cut, 0, 0, side, side);
}
