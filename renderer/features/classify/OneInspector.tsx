/** One picture in the inspector: large, with boxes and captions; the label, the question, and each model's top five. */
import { Check, Undo2, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Photo } from '../../../electron/contract/photo';
import { topPrediction } from '../../../electron/contract/photo';
import { describe } from '../../state/describe';
import { confirmPhotos, correctPhotos, retryPhotos } from '../../state/photo-actions';
import { useStudio, useStudioState } from '../../state/use-studio';
import { Boxes } from '../../ui/Boxes';
import { Button, IconButton } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import { foundObjects, placePicture } from '../../ui/fit-boxes';
import { formatBytes, formatMs } from '../../ui/format';
import { Tag } from '../../ui/parts';
import { Thumb } from '../../ui/Thumb';
import { useSize } from '../../ui/use-size';
import { LabelPicker } from './LabelPicker';
import { Verdicts } from './Verdicts';

export function OneInspector({ photo }: { photo: Photo }): ReactNode {
  const studio = useStudio();
  const model = useStudioState((state) => state.selected[0] ?? '');
  const selected = useStudioState((state) => state.selected);
  const threshold = useStudioState((state) => state.threshold);
  const isDetail = useStudioState((state) => state.detail !== null);
  const isRunning = useStudioState((state) => state.run.state === 'running');
  const facts = describe(photo, model, threshold, isRunning);
  const ms = photo.verdicts[model]?.ms;
  const size = photo.width > 0 ? `${photo.width} × ${photo.height}` : formatBytes(photo.bytes);
  return (
    <>
      {!isDetail && photo.hasThumb && <InspectorPicture photo={photo} />}
      <div className="inspector-body">
        <section>
          <div className="row inspector-title">
            <h2 className="text-18 grow">{facts.label}</h2>
            <Tag voice={facts.voice}>{facts.state}</Tag>
          </div>
          <p className="caption num selectable inspector-facts">
            <span className="cut" title={photo.name}>
              {photo.name}
            </span>
            <span className="fixed">{` · ${size}${ms === undefined ? '' : ` · ${formatMs(ms)}`}`}</span>
          </p>
          {photo.failure === undefined ? (
            <Question photo={photo} model={model} />
          ) : (
            <ErrorNote
              title={photo.name}
              failure={photo.failure}
              onCopy={(text) => void studio.bridge.copyText(text)}
              onRetry={() => void retryPhotos(studio, [photo.id])}
            />
          )}
        </section>
        {photo.failure === undefined && selected.map((id) => <Verdicts key={id} photo={photo} model={id} />)}
      </div>
    </>
  );
}

function InspectorPicture({ photo }: { photo: Photo }): ReactNode {
  const [ref, frame] = useSize();
  const showsBoxes = useStudioState((state) => state.showsBoxes);
  const threshold = useStudioState((state) => state.threshold);
  const selected = useStudioState((state) => state.selected);
  const aspect = photo.width > 0 ? photo.width / photo.height : 1.5;
  const objects = selected.flatMap((id) => foundObjects(photo.verdicts[id]?.predictions ?? []));
  return (
    <div ref={ref} className="inspector-picture" style={{ aspectRatio: String(Math.max(aspect, 1)) }}>
      <Thumb id={photo.id} alt={photo.name} />
      {showsBoxes && frame.width > 0 && (
        <Boxes
          objects={objects}
          place={placePicture(photo, frame, 'contain')}
          bounds={[0, 0, frame.width, frame.height]}
          threshold={threshold}
          captions="clear"
        />
      )}
    </div>
  );
}

/** Asks whether the label is right; the round through the doubtful ones asks this itself. */
function Question({ photo, model }: { photo: Photo; model: string }): ReactNode {
  const studio = useStudio();
  const isAsking = useStudioState((state) => state.labelling === photo.id);
  const isReview = useStudioState((state) => state.detail !== null && state.detail.review !== null);
  const top = topPrediction(photo, model);
  const close = (): void => studio.store.setState({ labelling: null });
  const give = (label: string): void => {
    close();
    void correctPhotos(studio, [photo.id], label);
  };
  if (photo.state === 'waiting' || isReview) return null;
  if (photo.correction !== undefined && !isAsking)
    return <Answered photo={photo} isSame={photo.correction === top?.label} />;
  return (
    <>
      <div className="row inspector-question">
        <span className="soft grow">{top === undefined ? 'What is it?' : 'Is that right?'}</span>
        {top !== undefined && (
          <Button isSmall icon={Check} onClick={() => void confirmPhotos(studio, [photo])}>
            Yes
          </Button>
        )}
        <Button
          isSmall
          icon={X}
          aria-expanded={isAsking}
          onClick={() => studio.store.setState({ labelling: isAsking ? null : photo.id })}
        >
          No, it is...
        </Button>
      </div>
      {isAsking && <LabelPicker onPick={give} onClose={close} />}
    </>
  );
}

function Answered({ photo, isSame }: { photo: Photo; isSame: boolean }): ReactNode {
  const studio = useStudio();
  return (
    <div className="row inspector-question">
      <span className="soft grow">{isSame ? 'You confirmed this.' : 'You gave this label.'}</span>
      <IconButton
        icon={Undo2}
        label="Take my label back"
        onClick={() => void correctPhotos(studio, [photo.id], null)}
      />
      <Button isSmall onClick={() => studio.store.setState({ labelling: photo.id })}>
        Change
      </Button>
    </div>
  );
}
