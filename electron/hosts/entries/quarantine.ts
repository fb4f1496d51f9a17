/** The quarantine process: one foreign model, then thrown away. */
import { serve } from '../../contract/server';
import { quarantineContract } from '../../contract/workers';
import { quarantineHandlers } from '../../engine/compute/quarantine';
import { defaultComputeOptions } from '../../engine/compute/service';
import { denyNetwork } from '../../engine/network-guard';
import { whenConnected } from '../parent';

whenConnected((transport) => {
  const server = serve(quarantineContract, transport, quarantineHandlers(defaultComputeOptions()));
  denyNetwork(() => server.emit('network', { refused: 1 }));
});
