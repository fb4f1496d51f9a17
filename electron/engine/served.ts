/** What this engine answers: those calls of the page's contract that have handlers, and all of its events. */
import { jobsContract } from '../contract/jobs';
import { pageContract } from '../contract/page';
import { studioContract } from '../contract/studio';
import { workspaceContract } from '../contract/workspace';

export const servedContract = {
  calls: { ...studioContract.calls, ...jobsContract.calls, ...workspaceContract.calls },
  events: pageContract.events,
} as const;
export type ServedContract = typeof servedContract;
