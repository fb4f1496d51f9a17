/** How many things are under way: the judging and every job. */
import { useStudioState } from '../state/use-studio';

export function useRunningJobs(): number {
  const isJudging = useStudioState((state) => state.run.state === 'running');
  const jobs = useStudioState((state) => state.jobs.filter((job) => job.state === 'running').length);
  return jobs + (isJudging ? 1 : 0);
}
