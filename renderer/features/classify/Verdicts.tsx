/** What one model says of one picture: its first five classes, or all objects it found, with bars. */
import type { ReactNode } from 'react';
import { formatConfidence, type Photo, type Prediction } from '../../../electron/contract/photo';
import { setFilter } from '../../state/view-actions';
import { useStudio, useStudioState } from '../../state/use-studio';
import { countOf } from '../../ui/format';
import { Track, type TrackTone } from '../../ui/parts';

export function Verdicts({ photo, model }: { photo: Photo; model: string }): ReactNode {
  const entry = useStudioState((state) => state.models.find((one) => one.id === model));
  const threshold = useStudioState((state) => state.threshold);
  const isFirst = useStudioState((state) => state.selected[0] === model);
  const predictions = photo.verdicts[model]?.predictions;
  const isDetector = entry?.task === 'detect';
  const shown = (predictions ?? []).slice(0, isDetector ? 12 : 5);
  const rest = (predictions?.length ?? 0) - shown.length;
  const note =
    isDetector && predictions !== undefined
      ? `${predictions.length} found`
      : countOf(entry?.classes ?? 0, 'class', 'classes');
  return (
    <section aria-label={`Verdict of ${model}`}>
      <div className="row verdict-head">
        <h3 className="cut grow">{model}</h3>
        <span className="caption num">{note}</span>
      </div>
      {predictions === undefined && <p className="soft">Not judged yet.</p>}
      {predictions?.length === 0 && <p className="soft">It knows nothing on this picture.</p>}
      <ol>
        {shown.map((prediction, rank) => (
          <VerdictLine
            key={`${prediction.classIndex}-${rank}`}
            prediction={prediction}
            tone={toneOf(prediction, rank, isDetector, threshold)}
            isStrong={rank === 0 && !isDetector}
            isDoor={isFirst}
          />
        ))}
      </ol>
      {rest > 0 && <p className="caption">and {countOf(rest, 'more', 'more')}</p>}
    </section>
  );
}

function toneOf(prediction: Prediction, rank: number, isDetector: boolean, threshold: number): TrackTone {
  if (!isDetector && rank > 0) return 'mute';
  return prediction.score >= threshold ? 'real' : 'warn';
}

interface LineProps {
  prediction: Prediction;
  tone: TrackTone;
  isStrong: boolean;
  isDoor: boolean;
}

function VerdictLine({ prediction, tone, isStrong, isDoor }: LineProps): ReactNode {
  const studio = useStudio();
  const { label, score } = prediction;
  const words = isStrong ? 'strong' : 'soft';
  return (
    <li className="verdict-line">
      {isDoor ? (
        <button
          type="button"
          className={`cut ${words} verdict-door`}
          title={`Show every picture labelled “${label}”`}
          onClick={() => {
            studio.store.setState({ detail: null });
            setFilter(studio, { label });
          }}
        >
          {label}
        </button>
      ) : (
        <span className={`cut ${words}`}>{label}</span>
      )}
      <Track value={score} tone={tone} />
      <span className={`num ${isStrong ? 'strong' : 'soft'}`}>{formatConfidence(score)}</span>
    </li>
  );
}
