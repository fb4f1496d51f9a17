/** Tells every attached page what changed, bundled so that no burst floods it. */
import { type Handlers, type Server, serve } from '../contract/server';
import type { Transport } from '../contract/transport';
import { coalesce } from './coalesce';
import { type ServedContract, servedContract } from './served';

/** At most twenty reports a second, whatever happens inside. */
const reportMs = 50;

type Emit = Server<ServedContract>['emit'];

export class Reports {
  private readonly servers = new Set<Server<ServedContract>>();
  private readonly bundles: { dispose(): void }[] = [];

  /** Sends an event to every page. */
  readonly emit: Emit = (name, event) => {
    for (const server of this.servers) server.emit(name, event);
  };

  /** A report that is made at most twenty times a second; call the result whenever there is something to tell. */
  bundle(report: () => void): () => void {
    const bundle = coalesce(report, reportMs);
    this.bundles.push(bundle);
    return () => bundle.mark();
  }

  attach(transport: Transport, handlers: Handlers<ServedContract>): () => void {
    const server = serve(servedContract, transport, handlers);
    this.servers.add(server);
    const stop = (): void => {
      this.servers.delete(server);
      server.dispose();
    };
    transport.onClose(stop);
    return stop;
  }

  dispose(): void {
    for (const bundle of this.bundles) bundle.dispose();
    for (const server of this.servers) server.dispose();
    this.servers.clear();
  }
}
