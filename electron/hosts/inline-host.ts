/** Runs the roles inside this process over memory pairs: for unit tests, where a "kill" only closes the pair. */
import { Listeners, memoryPair, type Transport } from '../contract/transport';
import type { HostedProcess, ProcessHost, Role } from '../engine/processes/process-host';

export type Service = (transport: Transport) => () => void;

/** `services` tells what each role serves on its end of the pair. */
export function createInlineHost(services: Partial<Record<Role, Service>>): ProcessHost {
  return {
    spawn: (role) => {
      const service = services[role];
      if (service === undefined) return Promise.reject(new Error(`no ${role} service was given`));
      return Promise.resolve(hostInline(service));
    },
  };
}

function hostInline(service: Service): HostedProcess {
  const [ours, theirs] = memoryPair();
  const exits = new Listeners<string>();
  const stop = service(theirs);
  let isAlive = true;
  ours.onClose(() => {
    if (!isAlive) return;
    isAlive = false;
    stop();
    exits.tell('closed');
  });
  return { transport: ours, pid: undefined, onExit: (listener) => exits.add(listener), kill: () => ours.close() };
}
