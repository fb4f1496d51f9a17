/** The training process: one run, beside everything else, since it blocks for as long as the run takes. */
import { serve } from '../../contract/server';
import { trainingWorkerContract } from '../../contract/training-worker';
import { denyNetwork } from '../../engine/network-guard';
import { trainingHandlers } from '../../engine/training/worker/service';
import { whenConnected } from '../parent';

whenConnected((transport) => {
  const handlers = trainingHandlers((name, event) => server.emit(name, event));
  const server = serve(trainingWorkerContract, transport, handlers);
  denyNetwork(() => server.emit('network', { refused: 1 }));
});
