/** What this engine answers: those calls of the page's contract that have handlers, and all of its events. */
import { comparisonContract } from '../contract/comparison';
import { datasetsContract } from '../contract/datasets';
import { generationContract } from '../contract/generation';
import { jobsContract } from '../contract/jobs';
import { pageContract } from '../contract/page';
import { studioContract } from '../contract/studio';
import { trainingContract } from '../contract/training';
import { workspaceContract } from '../contract/workspace';

const { calls } = datasetsContract;
const datasetCalls = {
  'datasets.list': calls['datasets.list'],
  'datasets.gallery': calls['datasets.gallery'],
  'datasets.add': calls['datasets.add'],
  'datasets.detail': calls['datasets.detail'],
  'datasets.inspect': calls['datasets.inspect'],
  'datasets.discard': calls['datasets.discard'],
  'datasets.import': calls['datasets.import'],
  'datasets.rename': calls['datasets.rename'],
  'datasets.remove': calls['datasets.remove'],
  'datasets.samples': calls['datasets.samples'],
  'datasets.indices': calls['datasets.indices'],
  'datasets.sample': calls['datasets.sample'],
  'datasets.pictures': calls['datasets.pictures'],
  'datasets.edit': calls['datasets.edit'],
  'datasets.seal': calls['datasets.seal'],
  'datasets.suggest': calls['datasets.suggest'],
  'datasets.export': calls['datasets.export'],
  'datasets.report': calls['datasets.report'],
  'datasets.check': calls['datasets.check'],
} as const;

const generation = generationContract.calls;
const generationCalls = {
  'generation.about': generation['generation.about'],
  'generation.draw': generation['generation.draw'],
  'generation.these': generation['generation.these'],
  'generation.between': generation['generation.between'],
  'generation.plane': generation['generation.plane'],
  'generation.save': generation['generation.save'],
  'generation.recipe': generation['generation.recipe'],
} as const;

const comparisons = comparisonContract.calls;
const comparisonCalls = {
  'comparisons.list': comparisons['comparisons.list'],
  'comparisons.start': comparisons['comparisons.start'],
  'comparisons.get': comparisons['comparisons.get'],
  'comparisons.remove': comparisons['comparisons.remove'],
  'comparisons.samples': comparisons['comparisons.samples'],
  'comparisons.drawn': comparisons['comparisons.drawn'],
  'comparisons.real': comparisons['comparisons.real'],
} as const;

export const servedContract = {
  calls: {
    ...studioContract.calls,
    ...datasetCalls,
    ...generationCalls,
    ...comparisonCalls,
    ...jobsContract.calls,
    ...workspaceContract.calls,
    ...trainingContract.calls,
  },
  events: pageContract.events,
} as const;
export type ServedContract = typeof servedContract;
