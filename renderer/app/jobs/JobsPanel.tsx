/** The jobs panel: everything under way and what came of it, over the screen, not modal; speed and log of the chosen one. */
import { ChevronDown } from 'lucide-react';
import { Switch } from 'radix-ui';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { chosenRow, type JobRow, jobRows } from '../../state/job-rows';
import { setGentle, setJobFilter, setQueuePaused } from '../../state/jobs-actions';
import type { JobFilter } from '../../state/jobs-state';
import { useStudio, useStudioState } from '../../state/use-studio';
import { toggle } from '../../state/view-actions';
import { Button, IconButton } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { countOf } from '../../ui/format';
import { useKeys } from '../use-keys';
import { JobItem } from './JobItem';
import { JobSide } from './JobSide';
import { useJobKeys } from './use-job-keys';
import { useRunningJobs } from './use-jobs';
import './jobs.css';

/** More rows than anyone reads; the filters find the others. */
const mostRows = 300;

export function JobsPanel(): ReactNode {
  const isOpen = useStudioState((state) => state.isJobsOpen);
  return isOpen ? <OpenPanel /> : null;
}

function OpenPanel(): ReactNode {
  const queue = useStudioState((state) => state.queue);
  const jobs = useStudioState((state) => state.jobs);
  const run = useStudioState((state) => state.run);
  const selected = useStudioState((state) => state.selected);
  const rows = useMemo(() => jobRows({ queue, jobs, run, selected }, queue.filter), [queue, jobs, run, selected]);
  const chosen = chosenRow(rows, queue);
  return (
    <section className="jobs" aria-label="Jobs">
      <Head />
      <div className="jobs-body">
        <Rows rows={rows} chosen={chosen} />
        {chosen !== undefined && <JobSide key={chosen.key} row={chosen} />}
      </div>
    </section>
  );
}

const filters: readonly { value: JobFilter; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'running', label: 'Running' },
  { value: 'done', label: 'Done' },
  { value: 'failed', label: 'Failed' },
];

function Head(): ReactNode {
  const studio = useStudio();
  const { filter, isGentle, isPaused } = useStudioState((state) => state.queue);
  const running = useRunningJobs();
  const keys = useKeys();
  return (
    <div className="row jobs-head">
      <h2 className="text-15">Jobs</h2>
      <span className="count">{running}</span>
      <span className="caption jobs-state">{isPaused ? 'all paused' : 'running'}</span>
      <Choice label="Which jobs" value={filter} items={filters} onChange={(value) => setJobFilter(studio, value)} />
      <label className="row push caption jobs-gentle">
        Go easy while I work
        <Switch.Root className="switch" checked={isGentle} onCheckedChange={(isOn) => void setGentle(studio, isOn)}>
          <Switch.Thumb />
        </Switch.Root>
      </label>
      <Button isSmall tone="quiet" onClick={() => void setQueuePaused(studio, !isPaused)}>
        {isPaused ? 'Resume all' : 'Pause all'}
      </Button>
      <IconButton
        icon={ChevronDown}
        label="Close jobs"
        keys={keys('view.jobs')}
        onClick={() => toggle(studio, 'isJobsOpen')}
      />
    </div>
  );
}

const empty: Readonly<Record<JobFilter, string>> = {
  all: 'Nothing to do, and nothing was done yet. Imports, checks and exports stand here and go on while you work.',
  running: 'Nothing is running or waiting.',
  done: 'Nothing was finished yet.',
  failed: 'Nothing failed.',
};

function Rows({ rows, chosen }: { rows: readonly JobRow[]; chosen: JobRow | undefined }): ReactNode {
  const filter = useStudioState((state) => state.queue.filter);
  const list = useRef<HTMLDivElement>(null);
  const keys = useJobKeys(rows, chosen);
  useFocusOnOpen(list);
  if (rows.length === 0) return <p className="soft jobs-none grow">{empty[filter]}</p>;
  const shown = rows.slice(0, mostRows);
  return (
    <div className="jobs-list grow">
      <div role="grid" aria-label="All jobs" aria-rowcount={rows.length} ref={list} onKeyDown={keys}>
        {shown.map((row) => (
          <JobItem key={row.key} row={row} isChosen={row.key === chosen?.key} />
        ))}
      </div>
      {rows.length > shown.length && (
        <p className="caption jobs-more">and {countOf(rows.length - shown.length, 'older one')}</p>
      )}
    </div>
  );
}

/** The keyboard stands on the list as soon as it is there, and goes back to where it was. */
function useFocusOnOpen(list: React.RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const before = document.activeElement;
    const panel = list.current?.closest('.jobs');
    list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
    return () => {
      const isInside = document.activeElement === document.body || panel?.contains(document.activeElement) === true;
      if (isInside && before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, [list]);
}
