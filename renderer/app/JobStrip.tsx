/** The strip at the foot: what is under way, how far, how fast, how long; a click opens the panel. */
import { Play, Square } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { RunProgress } from '../../electron/contract/studio';
import type { Job } from '../state/studio-state';
import { useStudio, useStudioState } from '../state/use-studio';
import { toggle } from '../state/view-actions';
import { Button } from '../ui/Button';
import { countOf, formatCount, formatPercent, formatRate, formatRemaining } from '../ui/format';
import { Mark, Progress } from '../ui/parts';
import { runCommand } from './commands';
import { useKeys } from './use-keys';

/** Share of the pictures that are through, judged or failed. */
export function runFraction(run: RunProgress): number {
  return run.total === 0 ? 0 : (run.done + run.failed) / run.total;
}

/** What runs now, else the last thing that went wrong; what is done has had its notice. */
function stripJob(jobs: readonly Job[]): Job | undefined {
  return jobs.find((job) => job.state === 'running') ?? [...jobs].reverse().find((job) => job.state === 'failed');
}

export function JobStrip(): ReactNode {
  const studio = useStudio();
  const run = useStudioState((state) => state.run);
  const isOpen = useStudioState((state) => state.isJobsOpen);
  const job = useStudioState((state) => stripJob(state.jobs));
  const keys = useKeys();
  return (
    <footer className="strip" aria-label="Job strip">
      {run.state === 'idle' ? <Rested run={run} /> : <Judging run={run} />}
      {job !== undefined && <OneJob job={job} />}
      <button
        type="button"
        className="strip-open push"
        aria-expanded={isOpen}
        onClick={() => toggle(studio, 'isJobsOpen')}
      >
        {isOpen ? 'Close jobs' : 'Open jobs'} <kbd>{keys('view.jobs')}</kbd>
      </button>
      <RunVoice run={run} />
    </footer>
  );
}

function Rested({ run }: { run: RunProgress }): ReactNode {
  const isReady = useStudioState((state) => state.connection === 'ready');
  const isEmpty = useStudioState((state) => state.photos.size === 0);
  if (!isReady) return <span>Starting the engine...</span>;
  if (isEmpty || run.done + run.failed === 0) return <span>Nothing under way</span>;
  return (
    <span>
      {countOf(run.done, 'picture')} judged{run.failed > 0 ? `, ${formatCount(run.failed)} not read` : ''}
    </span>
  );
}

function Judging({ run }: { run: RunProgress }): ReactNode {
  const studio = useStudio();
  const isRunning = run.state === 'running';
  const through = run.done + run.failed;
  return (
    <>
      <span className="row strip-item">
        <span className="strong strip-title">{isRunning ? 'Judging' : 'Stopped'}</span>
        <Progress value={runFraction(run)} label="Pictures judged" />
        <span>
          {formatCount(through)} of {formatCount(run.total)}
          {run.isListing ? ' so far' : ''}
        </span>
        {isRunning && run.perSecond !== null && <span className="faint strip-rate">{formatRate(run.perSecond)}</span>}
        {isRunning && run.remainingMs !== null && <span className="faint">{formatRemaining(run.remainingMs)}</span>}
        {!isRunning && <span className="faint">{formatPercent(runFraction(run))} done</span>}
      </span>
      {isRunning ? (
        <Button className="strip-button" tone="quiet" icon={Square} onClick={() => runCommand(studio, 'run.stop')}>
          Stop
        </Button>
      ) : (
        <Button className="strip-button" tone="quiet" icon={Play} onClick={() => runCommand(studio, 'run.resume')}>
          Go on
        </Button>
      )}
    </>
  );
}

function OneJob({ job }: { job: Job }): ReactNode {
  return (
    <span className="row strip-item">
      {job.state === 'failed' && <Mark voice="bad" />}
      <span className="strong strip-title cut">{job.title}</span>
      {job.state === 'running' && job.fraction !== null && <Progress value={job.fraction} label={job.title} />}
      <span className="faint cut">{job.state === 'running' ? `${job.detail}...` : job.detail}</span>
    </span>
  );
}

/** Said aloud at quarters only, so that a screen reader is not talked over. */
function RunVoice({ run }: { run: RunProgress }): ReactNode {
  const [said, setSaid] = useState('');
  const quarter = Math.floor(runFraction(run) * 4) * 25;
  const state = run.state;
  const total = run.total;
  useEffect(() => {
    if (state === 'running') setSaid(`Judging ${countOf(total, 'picture')}, ${quarter} percent`);
    else if (state === 'stopped') setSaid('Judging stopped');
    else setSaid((before) => (before === '' ? '' : 'All pictures are judged'));
  }, [state, quarter, total]);
  return (
    <span className="sr-only" role="status">
      {said}
    </span>
  );
}
