/** One sample as large as there is room: as it lies in the pack, or its thumbnail, which shows more than a small pack keeps. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { isCancelled } from '../../../electron/contract/errors';
import { failureOf } from '../../state/messages';
import { drawSheet } from '../../state/tile-sheets';
import type { Sheet } from '../../state/tile-store';
import { useStudio } from '../../state/use-studio';
import { isHard } from '../../ui/pixel-look';

interface Shown {
  id: string;
  index: number;
  name: string;
  size?: 'full' | 'tile';
}

export function FullPicture({ id, index, name, size = 'full' }: Shown): ReactNode {
  const studio = useStudio();
  const ref = useRef<HTMLCanvasElement | null>(null);
  const [problem, setProblem] = useState<{ index: number; message: string } | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    const held: { sheet: Sheet | null } = { sheet: null };
    const draw = (): void => drawLarge(ref.current, held.sheet);
    studio.engine
      .call('datasets.pictures', { id, indices: [index], size }, { signal: abort.signal })
      .then((pictures) => drawSheet(pictures, 1))
      .then((sheet) => {
        if (abort.signal.aborted) {
          sheet.close();
          return;
        }
        held.sheet = sheet;
        draw();
      })
      .catch((error: unknown) => {
        if (!abort.signal.aborted && !isCancelled(error)) setProblem({ index, message: failureOf(error).message });
      });
    const observer = new ResizeObserver(draw);
    if (ref.current !== null) observer.observe(ref.current);
    return () => {
      abort.abort();
      observer.disconnect();
      held.sheet?.close();
    };
  }, [studio, id, index, size]);
  return (
    <>
      <canvas ref={ref} className="full-picture" role="img" aria-label={name === '' ? `Sample ${index}` : name} />
      {problem?.index === index && <p className="caption full-problem">{problem.message}</p>}
    </>
  );
}

function drawLarge(canvas: HTMLCanvasElement | null, sheet: Sheet | null): void {
  const picture = sheet?.pictures[0];
  const context = canvas?.getContext('2d');
  if (canvas === null || context === null || context === undefined) return;
  if (picture === null || picture === undefined) return;
  const scale = window.devicePixelRatio;
  canvas.width = Math.max(1, Math.round(canvas.clientWidth * scale));
  canvas.height = Math.max(1, Math.round(canvas.clientHeight * scale));
  const times = Math.min(canvas.width / picture.width, canvas.height / picture.height);
  const width = picture.width * times;
  const height = picture.height * times;
  context.imageSmoothingEnabled = !isHard(picture, times);
  context.imageSmoothingQuality = 'high';
  const x = (canvas.width - width) / 2;
  const y = (canvas.height - height) / 2;
  context.drawImage(picture.sheet, picture.x, picture.y, picture.width, picture.height, x, y, width, height);
}
