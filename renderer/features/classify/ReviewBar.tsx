/** The round through the doubtful pictures: one question, three answers, all on single keys. */
import { Check, SkipForward, X } from 'lucide-react';
import { type ReactNode, useCallback } from 'react';
import { formatConfidence, type Photo, topPrediction } from '../../../electron/contract/photo';
import { answer, stepDetail } from '../../state/photo-actions';
import type { Detail } from '../../state/studio-state';
import { useStudio, useStudioState } from '../../state/use-studio';
import { Button } from '../../ui/Button';
import { formatCount } from '../../ui/format';
import { Mark } from '../../ui/parts';
import { LabelPicker } from './LabelPicker';

/** Accepts the model's guess; without one, asks for a label instead. */
export function useReviewAnswer(photo: Photo): () => void {
  const studio = useStudio();
  const model = useStudioState((state) => state.selected[0] ?? '');
  const label = topPrediction(photo, model)?.label;
  return useCallback(() => {
    if (label === undefined) studio.store.setState({ labelling: photo.id });
    else void answer(studio, label);
  }, [studio, label, photo.id]);
}

interface ReviewBarProps {
  photo: Photo;
  review: NonNullable<Detail['review']>;
}

export function ReviewBar({ photo, review }: ReviewBarProps): ReactNode {
  const studio = useStudio();
  const model = useStudioState((state) => state.selected[0] ?? '');
  const isAsking = useStudioState((state) => state.labelling === photo.id);
  const accept = useReviewAnswer(photo);
  const top = topPrediction(photo, model);
  const ask = (): void => studio.store.setState({ labelling: isAsking ? null : photo.id });
  const left = review.queue.length - review.queue.indexOf(photo.id) - 1;
  return (
    <div className="review" role="group" aria-label="Sort out">
      <div className="review-words">
        <span className="row">
          <Mark voice="warn" />
          <span className="text-15 cut">
            {top === undefined ? 'Nothing was found here. What is it?' : `Is this “${top.label}”?`}
          </span>
          {top !== undefined && <span className="num soft">{formatConfidence(top.score)}</span>}
        </span>
        <span className="caption num">
          {formatCount(review.given)} given, {formatCount(left)} to go
        </span>
      </div>
      <div className="row push">
        {top !== undefined && (
          <Button tone="real" icon={Check} onClick={accept}>
            Yes <kbd>Y</kbd>
          </Button>
        )}
        <Button icon={X} aria-expanded={isAsking} onClick={ask}>
          No, it is... <kbd>N</kbd>
        </Button>
        <Button tone="quiet" icon={SkipForward} onClick={() => stepDetail(studio, 1)}>
          Skip <kbd>→</kbd>
        </Button>
      </div>
      {isAsking && (
        <div className="review-picker">
          <LabelPicker
            onPick={(label) => void answer(studio, label)}
            onClose={() => studio.store.setState({ labelling: null })}
          />
        </div>
      )}
    </div>
  );
}
