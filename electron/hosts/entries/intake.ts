/** The intake process: opens every file that came from outside. */
import { serve } from '../../contract/server';
import type { EventInput } from '../../contract/rpc';
import { type IntakeContract, intakeContract } from '../../contract/workers';
import { intakeHandlers } from '../../engine/intake/service';
import { denyNetwork } from '../../engine/network-guard';
import { whenConnected } from '../parent';

whenConnected((transport) => {
  const tell = {
    found: (event: EventInput<IntakeContract, 'found'>) => server.emit('found', event),
    chunk: (event: EventInput<IntakeContract, 'chunk'>) => server.emit('chunk', event),
  };
  const server = serve(intakeContract, transport, intakeHandlers(tell));
  denyNetwork(() => server.emit('network', { refused: 1 }));
});
