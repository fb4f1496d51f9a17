/** What a run has written down: its beginning, its looks, its checkpoints, its end. */
import { type ReactNode, useEffect, useRef } from 'react';
import { LogFollower } from '../../state/jobs-actions';
import { useStudio, useStudioState } from '../../state/use-studio';
import { formatClockSeconds } from '../../ui/format';

export function RunLog({ job }: { job: string }): ReactNode {
  const studio = useStudio();
  const lines = useStudioState((state) => state.queue.logs[job]?.lines);
  const news = useStudioState((state) => state.queue.jobs[job]);
  const follower = useRef<LogFollower>(undefined);
  useEffect(() => {
    const one = new LogFollower(studio, job);
    follower.current = one;
    one.mark();
    return () => one.stop();
  }, [studio, job]);
  useEffect(() => follower.current?.mark(), [news]);
  if (lines === undefined || lines.length === 0)
    return <p className="soft train-section">Nothing is written down yet.</p>;
  return (
    <ol className="train-section train-log" aria-label="Log">
      {lines.map(({ at, text }, place) => (
        <li key={place} className="row">
          <span className="caption num">{formatClockSeconds(at)}</span>
          <span className="selectable">{text}</span>
        </li>
      ))}
    </ol>
  );
}
