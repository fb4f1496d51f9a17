/** What the model says of sample photos with the chosen preparation; asked again shortly after each change. */
import { type ReactNode, useEffect, useState } from 'react';
import { type Failure, isCancelled } from '../../../electron/contract/errors';
import type { ImportOptions, Proposal, Trial } from '../../../electron/contract/models';
import { formatConfidence } from '../../../electron/contract/photo';
import { failureOf } from '../../state/messages';
import { useStudio } from '../../state/use-studio';
import { ErrorNote } from '../../ui/ErrorNote';
import { Track } from '../../ui/parts';

const restMs = 150;
const shownClasses = 3;

interface Answer {
  trial: Trial | null;
  failure: Failure | null;
  options: ImportOptions | null;
}

function useTrial(proposal: Proposal, options: ImportOptions): Answer {
  const studio = useStudio();
  const [answer, setAnswer] = useState<Answer>({ trial: null, failure: null, options: null });
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      studio.engine
        .call('models.trial', { proposal: proposal.id, options }, { signal: abort.signal })
        .then((trial) => setAnswer({ trial, failure: null, options }))
        .catch((error: unknown) => {
          if (!isCancelled(error)) setAnswer({ trial: null, failure: failureOf(error), options });
        });
    }, restMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [studio, proposal.id, options]);
  return answer;
}

export function TrialPreview({ proposal, options }: { proposal: Proposal; options: ImportOptions }): ReactNode {
  const studio = useStudio();
  const { trial, failure, options: tried } = useTrial(proposal, options);
  const isOld = tried !== options;
  return (
    <section aria-label="Preview on sample photos" aria-busy={isOld}>
      <div className="row">
        <h3 className="grow">What it says of sample photos</h3>
        <span className="caption" role="status">
          {isOld ? 'Trying...' : ''}
        </span>
      </div>
      {failure !== null && (
        <ErrorNote
          title="It could not judge the samples"
          failure={failure}
          onCopy={(text) => void studio.bridge.copyText(text)}
        />
      )}
      {trial === null && failure === null && <p className="soft">Judging the sample photos...</p>}
      <ul className="trials" data-old={isOld || undefined}>
        {trial?.pictures.map((picture) => (
          <li key={picture.url} className="trial">
            <span className="photo trial-photo">
              <img src={picture.url} alt={picture.name} />
            </span>
            <ol className="grow">
              {picture.predictions.slice(0, shownClasses).map((prediction, rank) => (
                <li key={prediction.classIndex} className="trial-line">
                  <span className={`cut ${rank === 0 ? 'strong' : 'soft'}`}>{prediction.label}</span>
                  <Track value={prediction.score} tone={rank === 0 ? 'real' : 'mute'} />
                  <span className="num soft">{formatConfidence(prediction.score)}</span>
                </li>
              ))}
            </ol>
          </li>
        ))}
      </ul>
    </section>
  );
}
