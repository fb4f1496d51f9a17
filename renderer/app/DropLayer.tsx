/** Dropping anything anywhere: says what it recognised while it hovers, and takes it. */
import { FileQuestion, ImagePlus, PackagePlus } from 'lucide-react';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { sayFailure } from '../state/messages';
import { takeFiles } from '../state/photo-actions';
import { useStudio } from '../state/use-studio';
import { countOf } from '../ui/format';

interface Hovering {
  count: number;
  pictures: number;
}

/** While it hovers, the system tells only how many things there are and which of them are pictures. */
function lookAt(items: DataTransferItemList): Hovering {
  const files = [...items].filter((item) => item.kind === 'file');
  return { count: files.length, pictures: files.filter((item) => item.type.startsWith('image/')).length };
}

function inWords({ count, pictures }: Hovering): string {
  if (pictures === count) return countOf(count, 'picture');
  if (pictures === 0) return count === 1 ? 'One file or folder' : `${countOf(count, 'file')} or folders`;
  return `${countOf(pictures, 'picture')} and ${countOf(count - pictures, 'other')}`;
}

export function DropLayer({ children }: { children: ReactNode }): ReactNode {
  const studio = useStudio();
  const [hovering, setHovering] = useState<Hovering | null>(null);
  const depth = useRef(0);
  const isFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');
  const enter = (event: DragEvent): void => {
    if (!isFiles(event)) return;
    event.preventDefault();
    depth.current += 1;
    setHovering(lookAt(event.dataTransfer.items));
  };
  const over = (event: DragEvent): void => {
    if (!isFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  };
  const leave = (event: DragEvent): void => {
    if (!isFiles(event)) return;
    depth.current -= 1;
    if (depth.current <= 0) setHovering(null);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    depth.current = 0;
    setHovering(null);
    const files = [...event.dataTransfer.files];
    if (files.length > 0) takeFiles(studio, files).catch((error: unknown) => sayFailure(studio, 'Not added.', error));
  };
  return (
    <div className="drop-layer" onDragEnter={enter} onDragOver={over} onDragLeave={leave} onDrop={drop}>
      {children}
      {hovering !== null && <Overlay hovering={hovering} />}
    </div>
  );
}

function Overlay({ hovering }: { hovering: Hovering }): ReactNode {
  const isPictures = hovering.pictures > 0;
  return (
    <div className="drop-over" role="status">
      <div className="drop-card">
        {isPictures ? <ImagePlus size={20} aria-hidden="true" /> : <FileQuestion size={20} aria-hidden="true" />}
        <strong className="text-18">{inWords(hovering)}</strong>
        <p className="soft">
          {isPictures ? 'Let go to judge them.' : 'Let go: pictures and folders of pictures are judged.'}
        </p>
        {!isPictures && (
          <p className="row soft">
            <PackagePlus size={16} aria-hidden="true" /> A .onnx file is checked, and you choose whether to import it.
          </p>
        )}
      </div>
    </div>
  );
}
