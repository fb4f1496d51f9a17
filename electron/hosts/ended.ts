/** The end of a hosted process: its exit is told first and with a reason, only then its line counts as closed. */
import { Listeners, type Transport } from '../contract/transport';
import type { HostedProcess } from '../engine/processes/process-host';

export interface Ending {
  /** The line of a dying process may close before its exit is reported: it is told with the exit. */
  transport: Transport;
  onExit: HostedProcess['onExit'];
  /** To be called once, when the process has ended. */
  ended(reason: string): void;
}

export function makeEnding(line: Transport): Ending {
  const exits = new Listeners<string>();
  const closes = new Listeners<undefined>();
  const closed = (): void => {
    closes.tell(undefined);
    closes.clear();
  };
  return {
    transport: {
      send: (message) => line.send(message),
      onMessage: (listener) => line.onMessage(listener),
      onClose: (listener) => closes.add(listener),
      close: () => {
        line.close();
        closed();
      },
    },
    onExit: (listener) => exits.add(listener),
    ended: (reason) => {
      exits.tell(reason);
      closed();
    },
  };
}
