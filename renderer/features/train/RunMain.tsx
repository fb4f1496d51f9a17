/** One run as it goes: how it does in words, what it draws or confuses, and its curves. */
import { CircleCheck, CircleDashed, CircleX, FlaskConical, ScanEye, Sparkles, TriangleAlert } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import type { TrainingRun } from '../../../electron/contract/training';
import { HoverStep } from '../../charts/hover-step';
import { againSlower, isPaused, retryRun, tryModel } from '../../state/train-actions';
import { setTrain } from '../../state/train-load';
import { type Tone, told } from '../../state/train-words';
import { useStudio, useStudioState } from '../../state/use-studio';
import { useTrain } from '../../state/use-train';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { ErrorNote } from '../../ui/ErrorNote';
import { useSize } from '../../ui/use-size';
import { Charts } from './Charts';
import { Coverage } from './Coverage';
import { Confusion } from './Confusion';
import { RunLog } from './RunLog';
import { Samples } from './Samples';

export function RunMain({ run }: { run: TrainingRun }): ReactNode {
  const view = useTrain((train) => train.view);
  const [ref, { width }] = useSize();
  const hover = useMemo(() => new HoverStep(), []);
  return (
    <div className="train-main">
      <Verdict run={run} />
      <div className="train-scroll" tabIndex={0} role="region" aria-label="How it goes">
        <div ref={ref} className="train-measure" />
        <Failed run={run} />
        {view === 'log' ? (
          <RunLog job={run.job} />
        ) : (
          <>
            {run.purpose === 'generator' ? <Samples run={run} width={width} /> : <Confusion run={run} />}
            {run.purpose === 'generator' && <Coverage run={run} />}
            <Charts run={run} hover={hover} />
          </>
        )}
      </div>
    </div>
  );
}

const icons = { good: CircleCheck, wait: CircleDashed, look: TriangleAlert, bad: CircleX } as const;
const toneWords: Readonly<Record<Tone, string>> = {
  good: 'well',
  wait: 'not known yet',
  look: 'look here',
  bad: 'badly',
};

function Verdict({ run }: { run: TrainingRun }): ReactNode {
  const studio = useStudio();
  const isResting = useStudioState((state) => isPaused(state, run.job));
  const view = useTrain((train) => train.view);
  const { tone, sentence, advice } = told(run, isResting);
  const Icon = icons[tone];
  const isDrawing = run.purpose === 'generator';
  return (
    <header className="train-verdict" data-tone={tone}>
      <Icon size={20} role="img" aria-label={toneWords[tone]} />
      <div className="stack grow" role="status">
        <h2 className="text-15">{sentence}</h2>
        {advice !== '' && <p className="caption">{advice}</p>}
      </div>
      <Choice
        label="Show"
        value={view}
        items={[
          { value: 'look', label: isDrawing ? 'Samples' : 'Matrix' },
          { value: 'log', label: 'Log' },
        ]}
        onChange={(next) => setTrain(studio, { view: next })}
      />
      <Button
        isSmall
        tone={run.phase === 'kept' ? (isDrawing ? 'gen' : 'real') : 'plain'}
        icon={isDrawing ? Sparkles : ScanEye}
        why={run.phase === 'kept' ? null : 'The model is in the library once the run is over: stop and keep it.'}
        onClick={() => tryModel(studio, run)}
      >
        Try it now
      </Button>
    </header>
  );
}

/** What went wrong, where it shows, with what can be done. */
function Failed({ run }: { run: TrainingRun }): ReactNode {
  const studio = useStudio();
  const job = useStudioState((state) => state.queue.jobs[run.job]);
  const failure = run.failure ?? job?.failure ?? null;
  if (failure === null || run.phase === 'kept') return null;
  const isDiverged = failure.code === 'training/diverged';
  const isAside = job?.state === 'set-aside';
  const title = isDiverged
    ? 'The loss is no number any more'
    : isAside
      ? 'It was set aside: it stopped its process twice'
      : 'The run stopped';
  return (
    <ErrorNote
      title={title}
      failure={failure}
      onCopy={(text) => void studio.bridge.copyText(text)}
      onRetry={isDiverged ? undefined : () => void retryRun(studio, run.job)}
    >
      {isDiverged && (
        <Button isSmall tone="ink" icon={FlaskConical} onClick={() => void againSlower(studio)}>
          Start again with a third of the rate
        </Button>
      )}
    </ErrorNote>
  );
}
