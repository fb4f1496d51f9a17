/** Dropping anything anywhere: says what it recognised while it hovers, and offers the one or two sensible things to do. */
import { Database, FileQuestion, ImagePlus, type LucideIcon, PackagePlus, ScanEye, Tags } from 'lucide-react';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { sayFailure } from '../state/messages';
import { takeFiles } from '../state/photo-actions';
import { type DropAction, kindOfType, type Recognised, recognise } from '../state/recognise';
import type { Studio } from '../state/studio';
import { useStudio } from '../state/use-studio';

interface Hovering extends Recognised {
  isPictures: boolean;
  /** Whether its kind is not known before it is let go. */
  isUnknown: boolean;
  over: DropAction;
}

/** While it hovers, the system tells only how many things there are and of which type, of folders not even that. */
function lookAt(studio: Studio, items: DataTransferItemList): Hovering {
  const kinds = [...items].filter((item) => item.kind === 'file').map((item) => kindOfType(item.type));
  const { screen, imported } = studio.store.getState();
  const found = recognise(kinds, { screen, isModelOpen: imported !== null });
  const isPictures = kinds.every((kind) => kind === 'picture');
  return { ...found, isPictures, isUnknown: kinds.includes('other'), over: found.actions[0] };
}

/** The choice under the pointer; anywhere else the first one counts. */
function choiceAt(target: EventTarget, { actions }: Recognised): DropAction {
  const name = target instanceof Element ? target.closest<HTMLElement>('[data-drop]')?.dataset['drop'] : undefined;
  return actions.find((action) => action === name) ?? actions[0];
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
    if (depth.current === 1) setHovering(lookAt(studio, event.dataTransfer.items));
  };
  const over = (event: DragEvent): void => {
    if (!isFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    if (hovering === null) return;
    const chosen = choiceAt(event.target, hovering);
    if (chosen !== hovering.over) setHovering({ ...hovering, over: chosen });
  };
  const leave = (event: DragEvent): void => {
    if (!isFiles(event)) return;
    depth.current -= 1;
    if (depth.current <= 0) setHovering(null);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    depth.current = 0;
    const wanted = hovering === null ? undefined : choiceAt(event.target, hovering);
    setHovering(null);
    const files = [...event.dataTransfer.files];
    if (files.length === 0) return;
    takeFiles(studio, files, wanted).catch((error: unknown) => sayFailure(studio, 'Not added.', error));
  };
  return (
    <div className="drop-layer" onDragEnter={enter} onDragOver={over} onDragLeave={leave} onDrop={drop}>
      {children}
      {hovering !== null && <Overlay hovering={hovering} />}
    </div>
  );
}

const choices: Readonly<Record<DropAction, { label: string; icon: LucideIcon }>> = {
  judge: { label: 'Classify', icon: ScanEye },
  dataset: { label: 'Make a data set', icon: Database },
  model: { label: 'Import the model', icon: PackagePlus },
  labels: { label: 'Take as labels of the model', icon: Tags },
};

function Overlay({ hovering }: { hovering: Hovering }): ReactNode {
  const { what, actions, isPictures, isUnknown, over } = hovering;
  return (
    <div className="drop-over" role="status">
      <div className="drop-card">
        {isPictures ? <ImagePlus size={20} aria-hidden="true" /> : <FileQuestion size={20} aria-hidden="true" />}
        <strong className="text-18">{what}</strong>
        <div className="drop-choices">
          {actions.map((action) => {
            const { label, icon: Icon } = choices[action];
            return (
              <span key={action} className="drop-choice" data-drop={action} data-over={action === over}>
                <Icon size={16} aria-hidden="true" />
                {label}
              </span>
            );
          })}
        </div>
        {isUnknown && (
          <p className="caption">An archive, a table or a text becomes a data set; an .onnx file is checked first.</p>
        )}
      </div>
    </div>
  );
}
