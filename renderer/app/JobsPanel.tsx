/** The jobs panel: everything under way and what came of it, over the screen, not modal. */
import { FolderOpen, Play, RotateCcw, Square, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { reveal } from '../state/export-actions';
import { forgetJob } from '../state/messages';
import type { Job } from '../state/studio-state';
import { useStudio, useStudioState } from '../state/use-studio';
import { toggle } from '../state/view-actions';
import { Button, IconButton } from '../ui/Button';
import { countOf, formatCount, formatRate, formatRemaining } from '../ui/format';
import { Mark, Progress } from '../ui/parts';
import { runCommand } from './commands';
import { runFraction } from './JobStrip';
import { useKeys } from './use-keys';

export function JobsPanel(): ReactNode {
  const studio = useStudio();
  const isOpen = useStudioState((state) => state.isJobsOpen);
  const jobs = useStudioState((state) => state.jobs);
  const keys = useKeys();
  if (!isOpen) return null;
  return (
    <section className="jobs" aria-label="Jobs">
      <div className="row jobs-head">
        <h2 className="text-15">Jobs</h2>
        <span className="caption">they go on while you work</span>
        <span className="push" />
        <IconButton icon={X} label="Close jobs" keys={keys('view.jobs')} onClick={() => toggle(studio, 'isJobsOpen')} />
      </div>
      <ul className="jobs-list">
        <RunRow />
        {[...jobs].reverse().map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </ul>
    </section>
  );
}

function RunRow(): ReactNode {
  const studio = useStudio();
  const run = useStudioState((state) => state.run);
  const models = useStudioState((state) => state.selected.join(' and '));
  if (run.total === 0) {
    return <li className="job faint">Nothing has been judged yet. Add pictures and their progress stands here.</li>;
  }
  const isRunning = run.state === 'running';
  return (
    <li className="job">
      <Mark voice={run.state === 'idle' ? 'real' : 'slate'} />
      <span className="stack grow">
        <span className="strong cut">Judging with {models}</span>
        <span className="caption num cut">
          {formatCount(run.done + run.failed)} of {countOf(run.total, 'picture')}
          {run.failed > 0 ? `, ${formatCount(run.failed)} not read` : ''}
        </span>
      </span>
      <Progress value={runFraction(run)} label="Pictures judged, in the panel" />
      <span className="caption num job-note">
        {isRunning && run.perSecond !== null ? formatRate(run.perSecond) : run.state === 'idle' ? 'done' : run.state}
        {isRunning && run.remainingMs !== null ? `, ${formatRemaining(run.remainingMs)}` : ''}
      </span>
      {isRunning && (
        <Button isSmall icon={Square} onClick={() => runCommand(studio, 'run.stop')}>
          Stop
        </Button>
      )}
      {run.state === 'stopped' && (
        <Button isSmall icon={Play} onClick={() => runCommand(studio, 'run.resume')}>
          Go on
        </Button>
      )}
    </li>
  );
}

function JobRow({ job }: { job: Job }): ReactNode {
  const studio = useStudio();
  const { written, cancel, retry } = job;
  return (
    <li className="job">
      <Mark voice={job.state === 'failed' ? 'bad' : job.state === 'done' ? 'real' : 'slate'} />
      <span className="stack grow">
        <span className="strong cut">{job.title}</span>
        <span className={`caption selectable ${job.state === 'failed' ? 'danger' : ''}`}>{job.detail}</span>
      </span>
      {job.state === 'running' && <Progress value={job.fraction} label={`${job.title}, in the panel`} />}
      {written !== null && (
        <Button isSmall icon={FolderOpen} onClick={() => reveal(studio, written)}>
          Show in folder
        </Button>
      )}
      {retry !== null && (
        <Button isSmall icon={RotateCcw} onClick={retry}>
          Retry
        </Button>
      )}
      {cancel === null ? (
        <IconButton icon={X} label={`Forget ${job.title}`} onClick={() => forgetJob(studio, job.id)} />
      ) : (
        <Button isSmall icon={Square} onClick={cancel}>
          Cancel
        </Button>
      )}
    </li>
  );
}
