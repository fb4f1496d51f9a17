/** The strip at the foot: what is under way, how far, how fast, how long; a click opens the panel. */
import { Play, Square } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RunProgress } from '../../../electron/contract/studio';
import { type JobRow, jobRows, judgingKey, runFraction } from '../../state/job-rows';
import { openJob } from '../../state/jobs-actions';
import { useStudio, useStudioState } from '../../state/use-studio';
import { toggle } from '../../state/view-actions';
import { Button } from '../../ui/Button';
import { countOf, formatCount, formatPercent, formatRate, formatRemaining } from '../../ui/format';
import { Mark, Progress } from '../../ui/parts';
import { runCommand } from '../commands';
import { useKeys } from '../use-keys';
import { JobVoice, RunVoice } from './voices';

/** For so many there is room; the others are in the panel. */
const mostShown = 2;

/** What runs now, else the last thing that went wrong; what is done has had its notice. */
function stripRows(rows: readonly JobRow[]): readonly JobRow[] {
  const others = rows.filter((row) => row.key !== judgingKey);
  const running = others.filter((row) => row.look === 'running').slice(0, mostShown);
  return running.length > 0
    ? running
    : others.filter((row) => row.look === 'failed' || row.look === 'set-aside').slice(0, 1);
}

export function JobStrip(): ReactNode {
  const studio = useStudio();
  const run = useStudioState((state) => state.run);
  const isOpen = useStudioState((state) => state.isJobsOpen);
  const queue = useStudioState((state) => state.queue);
  const jobs = useStudioState((state) => state.jobs);
  const keys = useKeys();
  const shown = stripRows(jobRows({ queue, jobs, run, selected: [] }, 'all'));
  const isQuiet = run.state === 'idle' && shown.length > 0;
  return (
    <footer className="strip" aria-label="Job strip">
      {run.state !== 'idle' && <Judging run={run} />}
      {run.state === 'idle' && !isQuiet && <Rested run={run} />}
      {shown.map((row) => (
        <OneJob key={row.key} row={row} />
      ))}
      {isQuiet && <Rested run={run} />}
      <button
        type="button"
        className="strip-open push"
        aria-expanded={isOpen}
        onClick={() => toggle(studio, 'isJobsOpen')}
      >
        {isOpen ? 'Close jobs' : 'Open jobs'} <kbd>{keys('view.jobs')}</kbd>
      </button>
      <RunVoice run={run} />
      <JobVoice />
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

function OneJob({ row }: { row: JobRow }): ReactNode {
  const studio = useStudio();
  const { key, title, look, fraction, note, doing, failure } = row;
  const isRunning = look === 'running';
  return (
    <button type="button" className="row strip-item strip-job" onClick={() => openJob(studio, key)}>
      {!isRunning && <Mark voice="bad" />}
      <span className="strong strip-title cut">{title}</span>
      {isRunning && fraction !== null && <Progress value={fraction} label={title} />}
      {isRunning && note !== '' ? (
        <span className="faint strip-note">{note}</span>
      ) : (
        <span className="faint cut">{failure?.message ?? doing}</span>
      )}
    </button>
  );
}
