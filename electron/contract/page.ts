/** Everything that a page or the command line may ask of the engine, in one contract over one port. */
import { datasetsContract } from './datasets';
import { jobsContract } from './jobs';
import { studioContract } from './studio';
import { workspaceContract } from './workspace';

export const pageContract = {
  calls: {
    ...studioContract.calls,
    ...datasetsContract.calls,
    ...jobsContract.calls,
    ...workspaceContract.calls,
  },
  events: {
    ...studioContract.events,
    ...datasetsContract.events,
    ...jobsContract.events,
    ...workspaceContract.events,
  },
} as const;
export type PageContract = typeof pageContract;
