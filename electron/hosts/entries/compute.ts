/** The compute process: runs models and nothing else. */
import { serve } from '../../contract/server';
import { computeContract } from '../../contract/workers';
import { computeHandlers, defaultComputeOptions } from '../../engine/compute/service';
import { denyNetwork } from '../../engine/network-guard';
import { whenConnected } from '../parent';

whenConnected((transport) => {
  const server = serve(computeContract, transport, computeHandlers(defaultComputeOptions()));
  denyNetwork(() => server.emit('network', { refused: 1 }));
});
