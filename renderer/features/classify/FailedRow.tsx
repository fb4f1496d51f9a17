/** A picture that could not be read: its name, why, and the details to copy. */
import { Copy, RotateCcw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Photo } from '../../../electron/contract/photo';
import { failureWord } from '../../state/describe';
import { retryPhotos } from '../../state/photo-actions';
import { useStudio, useStudioState } from '../../state/use-studio';
import { IconButton } from '../../ui/Button';
import { failureText } from '../../ui/ErrorNote';
import { pictureElementId, usePictureMouse } from './use-picture-keys';

export function FailedRow({ photo }: { photo: Photo }): ReactNode {
  const studio = useStudio();
  const isSelected = useStudioState((state) => state.selection.ids.has(photo.id));
  const isActive = useStudioState((state) => state.selection.active === photo.id);
  const { onClick } = usePictureMouse(photo.id);
  const { failure } = photo;
  return (
    <div
      id={pictureElementId(photo.id)}
      className="failed-row"
      role="gridcell"
      aria-selected={isSelected}
      data-active={isActive || undefined}
      onClick={onClick}
    >
      <TriangleAlert className="danger" size={16} aria-hidden="true" />
      <span className="strong cut failed-name">{photo.name}</span>
      <span className="danger failed-word">{failureWord(photo)}</span>
      <span className="soft cut grow" title={failure?.message}>
        {failure?.message}
      </span>
      <IconButton
        icon={RotateCcw}
        label={`Try ${photo.name} again`}
        onClick={() => void retryPhotos(studio, [photo.id])}
      />
      {failure !== undefined && (
        <IconButton
          icon={Copy}
          label={`Copy details of ${photo.name}`}
          onClick={() => void studio.bridge.copyText(failureText(photo.name, failure))}
        />
      )}
    </div>
  );
}
