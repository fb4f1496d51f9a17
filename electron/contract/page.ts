/** Everything that a page or the command line may ask of the engine, in one contract over one port. */
import { comparisonContract } from './comparison';
import { datasetsContract } from './datasets';
import { generationContract } from './generation';
import { jobsContract } from './jobs';
import { studioContract } from './studio';
import { trainingContract } from './training';
import { workspaceContract } from './workspace';

export const pageContract = {
  calls: {
    ...studioContract.calls,
    ...datasetsContract.calls,
    ...jobsContract.calls,
    ...workspaceContract.calls,
    ...trainingContract.calls,
    ...generationContract.calls,
    ...comparisonContract.calls,
  },
  events: {
    ...studioContract.events,
    ...datasetsContract.events,
    ...jobsContract.events,
    ...workspaceContract.events,
    ...trainingContract.events,
    ...comparisonContract.events,
  },
} as const;
export type PageContract = typeof pageContract;
