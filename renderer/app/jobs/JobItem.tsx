/** One job in the list: how it is, what it does, how far, how long, and what can be done about it. */
import {
  Ban,
  Check,
  Clock,
  Ellipsis,
  FolderOpen,
  ListStart,
  type LucideIcon,
  Pause,
  Play,
  RotateCcw,
  TriangleAlert,
  X,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { JobAction, JobLook, JobRow } from '../../state/job-rows';
import { act, chooseJob } from '../../state/jobs-actions';
import { useStudio } from '../../state/use-studio';
import { Button, IconButton } from '../../ui/Button';
import { Menu, MenuItem } from '../../ui/Menu';
import { Mark, Progress } from '../../ui/parts';

const looks: Readonly<Record<JobLook, { icon: LucideIcon | null; words: string }>> = {
  running: { icon: null, words: 'Running' },
  waiting: { icon: Clock, words: 'Waiting' },
  paused: { icon: Pause, words: 'Paused' },
  failed: { icon: null, words: 'Failed' },
  'set-aside': { icon: TriangleAlert, words: 'Set aside' },
  done: { icon: Check, words: 'Done' },
  cancelled: { icon: Ban, words: 'Cancelled' },
};

/** Shown in the row; all others are in its menu. */
const upFront: Readonly<Record<JobLook, readonly JobAction[]>> = {
  running: ['pause', 'resume', 'cancel'],
  waiting: ['cancel'],
  paused: ['resume', 'cancel'],
  failed: ['retry'],
  'set-aside': ['retry'],
  done: ['open', 'reveal'],
  cancelled: [],
};

const words: Readonly<Record<JobAction, { label: string; icon: LucideIcon }>> = {
  pause: { label: 'Pause', icon: Pause },
  resume: { label: 'Go on', icon: Play },
  cancel: { label: 'Cancel', icon: X },
  next: { label: 'Run next', icon: ListStart },
  retry: { label: 'Retry', icon: RotateCcw },
  forget: { label: 'Take off the list', icon: X },
  open: { label: 'Show', icon: FolderOpen },
  reveal: { label: 'Show in folder', icon: FolderOpen },
};

const inWords: readonly JobAction[] = ['retry', 'open', 'reveal'];

function JobMark({ look }: { look: JobLook }): ReactNode {
  const { icon: Icon, words: said } = looks[look];
  return (
    <span className={`job-mark job-${look}`}>
      {Icon === null ? <Mark voice={look === 'failed' ? 'bad' : 'slate'} /> : <Icon size={16} aria-hidden="true" />}
      <span className="sr-only">{said}</span>
    </span>
  );
}

export function JobItem({ row, isChosen }: { row: JobRow; isChosen: boolean }): ReactNode {
  const studio = useStudio();
  const { key, title, doing, failure, fraction, look, note } = row;
  const isGoing = failure === null && (look === 'running' || look === 'paused');
  const open = (): void => {
    const action = (['open', 'reveal'] as const).find((one) => row.actions.includes(one));
    if (action !== undefined) act(studio, row, action);
  };
  return (
    <div
      role="row"
      className="job"
      data-key={key}
      tabIndex={isChosen ? 0 : -1}
      aria-selected={isChosen}
      onClick={() => chooseJob(studio, key)}
      onDoubleClick={open}
    >
      <span role="gridcell">
        <JobMark look={look} />
      </span>
      <span
        role="gridcell"
        className={`cut ${isGoing ? '' : 'job-wide'}`}
        title={`${title} ${failure?.message ?? doing}`.trim()}
      >
        <span className="strong">{title}</span>{' '}
        {failure === null ? <span className="soft">{doing}</span> : <span className="danger">{failure.message}</span>}
      </span>
      {isGoing && (
        <span role="gridcell">
          <Progress value={fraction} label={`${title}, how far`} />
        </span>
      )}
      <span role="gridcell" className="caption num job-note">
        {note}
      </span>
      <span role="gridcell" className="row row-4 job-actions">
        <JobActions row={row} />
      </span>
    </div>
  );
}

function JobActions({ row }: { row: JobRow }): ReactNode {
  const studio = useStudio();
  const { title, look, actions } = row;
  const front = actions.filter((action) => upFront[look].includes(action));
  const behind = actions.filter((action) => !front.includes(action));
  return (
    <>
      {front.map((action) => {
        const { label, icon } = words[action];
        const run = (): void => act(studio, row, action);
        return inWords.includes(action) ? (
          <Button key={action} isSmall icon={icon} aria-label={`${label}: ${title}`} onClick={run}>
            {label}
          </Button>
        ) : (
          <IconButton key={action} icon={icon} label={`${label}: ${title}`} onClick={run} />
        );
      })}
      {behind.length > 0 && (
        <Menu label={`More: ${title}`} align="end" trigger={<IconButton icon={Ellipsis} label={`More: ${title}`} />}>
          {behind.map((action) => {
            const { label, icon } = words[action];
            return (
              <MenuItem key={action} icon={icon} onSelect={() => act(studio, row, action)}>
                {label}
              </MenuItem>
            );
          })}
        </Menu>
      )}
    </>
  );
}
