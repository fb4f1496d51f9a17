/** Beside the list: the chosen job's speed as a curve, what went wrong and what to do, and its log. */
import { Copy } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { JobLogLine, JobView } from '../../../electron/contract/jobs';
import { type JobRow, judgingKey, pageKey } from '../../state/job-rows';
import { act, jobText, LogFollower } from '../../state/jobs-actions';
import type { SpeedSeen } from '../../state/jobs-state';
import { useStudio, useStudioState } from '../../state/use-studio';
import { Button } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import { formatClockSeconds, formatSpeed } from '../../ui/format';
import { SpeedCurve } from './SpeedCurve';

const noLines: readonly JobLogLine[] = [];
const noSpeeds: readonly SpeedSeen[] = [];

export function JobSide({ row }: { row: JobRow }): ReactNode {
  const studio = useStudio();
  const job = useStudioState((state) => state.queue.jobs[row.key]);
  const lines = useLines(row.key, job);
  const retry = row.actions.includes('retry') ? (): void => act(studio, row, 'retry') : undefined;
  const copy = (text: string): void => void studio.bridge.copyText(text);
  return (
    <section className="job-side" aria-label={`About ${row.title}`}>
      <Speed row={row} job={job} />
      {row.failure !== null && (
        <ErrorNote title={failureTitle(row)} failure={row.failure} onCopy={copy} onRetry={retry} />
      )}
      <div className="row job-log-head">
        <h3>Log</h3>
        <Button
          isSmall
          tone="quiet"
          icon={Copy}
          className="push"
          why={lines.length === 0 ? 'Nothing was written down yet.' : null}
          onClick={() => copy(jobText(row, lines))}
        >
          Copy
        </Button>
      </div>
      {lines.length === 0 ? (
        <p className="caption">{row.from === 'judging' ? 'Judging keeps no log.' : 'Nothing was written down yet.'}</p>
      ) : (
        <ol className="job-log selectable">
          {[...lines].reverse().map(({ at, text }, index) => (
            <li key={lines.length - index}>
              <span className="faint num">{formatClockSeconds(at)}</span>
              <span>{text}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function failureTitle({ look }: JobRow): string {
  if (look === 'set-aside') return 'It ended its process twice and was set aside.';
  return look === 'paused' ? 'It rests by itself.' : 'It stopped.';
}

function Speed({ row, job }: { row: JobRow; job: JobView | undefined }): ReactNode {
  const seen = useStudioState((state) => state.queue.speeds[row.key] ?? noSpeeds);
  const judged = useStudioState((state) => state.run.perSecond);
  const unit = row.key === judgingKey ? 'images' : (job?.progress.unit ?? '');
  const now = row.key === judgingKey ? judged : (job?.perSecond ?? null);
  const last = seen.at(-1)?.perSecond ?? null;
  const isGoing = row.look === 'running';
  const shown = isGoing ? (now ?? last) : last;
  return (
    <div className="job-speed">
      <div className="row">
        <h3 className="cut grow">{row.title}</h3>
        {shown !== null && (
          <span className="num">
            {isGoing ? '' : 'last '}
            {formatSpeed(shown, unit)}
          </span>
        )}
      </div>
      {seen.length > 1 ? (
        <SpeedCurve seen={seen} label={`Speed of ${row.title}`} />
      ) : (
        <p className="caption">{isGoing ? 'The speed shows once it has been measured.' : 'No speed was measured.'}</p>
      )}
    </div>
  );
}

/** The log of a durable job is read while it is shown; a job of the page carries its own. */
function useLines(key: string, job: JobView | undefined): readonly JobLogLine[] {
  const studio = useStudio();
  const follower = useRef<LogFollower>(undefined);
  const isQueued = job !== undefined;
  useEffect(() => {
    if (!isQueued) return undefined;
    const one = new LogFollower(studio, key);
    follower.current = one;
    return () => one.stop();
  }, [studio, key, isQueued]);
  useEffect(() => follower.current?.mark(), [job]);
  const read = useStudioState((state) => state.queue.logs[key]?.lines);
  const own = useStudioState((state) => state.jobs.find((one) => pageKey(one.id) === key)?.log);
  return read ?? own ?? noLines;
}
