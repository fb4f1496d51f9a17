/** What the training process answers. It serves one run, and ends with it. */
import type { Handlers, Server } from '../../../contract/server';
import { AppError } from '../../../contract/errors';
import type { TrainingWorkerContract } from '../../../contract/training-worker';
import { durableWrite } from '../../storage/durable-write';
import { appErrors } from '../../compute/app-errors';
import { fileHash } from '../../models/card';
import { trainedModelFile } from '../../models/trained';
import { type Finished, runTraining } from './run';

export function trainingHandlers(
  emit: Server<TrainingWorkerContract>['emit'],
  now: () => number = () => performance.now(),
): Handlers<TrainingWorkerContract> & { dispose(): Promise<void> } {
  let finished: Finished | undefined;
  let [isKept, isGentle] = [false, false];
  const dispose = async (): Promise<void> => {
    await finished?.prepared.dispose();
    finished = undefined;
  };
  const hooks = { emit, now, isKept: () => isKept, isGentle: () => isGentle };
  return {
    run: appErrors(async (order, { signal }) => {
      await dispose();
      isKept = false;
      finished = await runTraining(order, signal, hooks);
      return finished.outcome;
    }),
    keep: () => {
      isKept = true;
      return {};
    },
    gentle: (request) => {
      isGentle = request.isGentle;
      return {};
    },
    publish: appErrors(async ({ target, ...card }) => {
      if (finished === undefined) throw new AppError('job/bad-state', 'No run has ended here.');
      const { prepared, weights } = finished;
      const { configured, data } = prepared;
      const bytes = trainedModelFile({ ...card, configured, shape: data.shape, weights, labels: data.classes, scale: data.scale }); // prettier-ignore
      await durableWrite(target, bytes);
      return { hash: fileHash(bytes), bytes: bytes.length };
    }),
    dispose,
  };
}
