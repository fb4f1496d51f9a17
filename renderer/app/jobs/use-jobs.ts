/** How many things are under way: the judging, every durable job and every short one of the page. */
import { isAtWork } from '../../state/jobs-state';
import { useStudioState } from '../../state/use-studio';

export function useRunningJobs(): number {
  const isJudging = useStudioState((state) => state.run.state === 'running');
  const own = useStudioState((state) => state.jobs.filter((job) => job.state === 'running').length);
  const queued = useStudioState((state) => Object.values(state.queue.jobs).filter(isAtWork).length);
  return own + queued + (isJudging ? 1 : 0);
}
