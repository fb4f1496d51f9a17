/**
 * Trains the models that come with Duet, by the same road as anyone's: `node scripts/run-ts.mjs scripts/train-shipped.ts [digits]`.
 * Prints what each training printed and writes the files to assets/models.
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { RequestInput } from '../electron/contract/rpc';
import type { PageContract } from '../electron/contract/page';
import type { JobView } from '../electron/contract/jobs';
import { type NodeEngine, startNodeEngine } from '../electron/hosts/node-engine';

type Start = RequestInput<PageContract, 'training.start'>;

interface Shipped {
  readonly dataset: string;
  readonly runs: readonly Pick<Start, 'name' | 'recipe' | 'seed' | 'judge' | 'budget'>[];
}

const shipped: Readonly<Record<string, Shipped>> = {
  digits: {
    dataset: 'mnist',
    runs: [
      { name: 'digits-judge', recipe: 'classifier-digits', seed: 0, judge: null, budget: null },
      { name: 'digits-gan', recipe: 'gan-digits', seed: 1, judge: 'digits-judge', budget: null },
    ],
  },
};

function ended({ studio }: NodeEngine, id: string): Promise<JobView> {
  return new Promise((resolve) => {
    studio.on('jobs.ended', ({ job }) => {
      if (job.id === id) resolve(job);
    });
  });
}

async function trainAll(engine: NodeEngine, { dataset, runs }: Shipped, models: string): Promise<void> {
  const added = await engine.studio.call('datasets.add', { name: dataset });
  console.log(JSON.stringify((await ended(engine, added.job)).result));
  for (const run of runs) {
    const { job, model } = await engine.studio.call('training.start', { ...run, dataset, settings: {} });
    const { state, failure } = await ended(engine, job);
    if (state !== 'done') throw new Error(`${model} was not trained: ${failure?.message ?? state}`);
    const { card } = await engine.studio.call('models.detail', { id: model });
    console.log(JSON.stringify({ model, ...card.training }));
    copyFileSync(path.join(models, `${model}.onnx`), path.join('assets', 'models', `${model}.onnx`));
  }
}

const [only] = process.argv.slice(2);
const workspace = mkdtempSync(path.join(os.tmpdir(), 'duet-shipped-'));
const engine = await startNodeEngine({
  dist: path.resolve('dist'),
  assets: path.resolve('assets'),
  version: 'shipped',
  workspace,
  device: 'cpu',
  showSamples: false,
  access: 'write',
  runsJobs: true,
});
try {
  for (const [name, one] of Object.entries(shipped))
    if (only === undefined || only === name) await trainAll(engine, one, path.join(workspace, 'models'));
} finally {
  await engine.stop();
  rmSync(workspace, { recursive: true, force: true });
}
