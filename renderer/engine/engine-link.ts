/** The page's line to the engine: calls wait for the first port, end with a code when it dies, and go on with the next. */
import { type CallOptions, type Client, connect } from '../../electron/contract/client';
import type { CallName, ReplyOf, RequestInput } from '../../electron/contract/rpc';
import { type StudioContract, studioContract } from '../../electron/contract/studio';
import type { Transport } from '../../electron/contract/transport';

export type StudioClient = Client<StudioContract>;

export class EngineLink {
  private client: StudioClient | undefined;
  private waiting: ((client: StudioClient) => void)[] = [];

  /** `onAttached` subscribes to events and reloads what the page shows. */
  constructor(private readonly onAttached: (client: StudioClient) => void) {}

  attach(transport: Transport): void {
    this.client?.close('engine/crashed', 'The engine stopped and was started again. Nothing on disk was touched.');
    const client = connect(studioContract, transport);
    this.client = client;
    this.onAttached(client);
    for (const resolve of this.waiting.splice(0)) resolve(client);
  }

  async call<K extends CallName<StudioContract>>(
    name: K,
    request: RequestInput<StudioContract, K>,
    options?: CallOptions,
  ): Promise<ReplyOf<StudioContract, K>> {
    const client = this.client ?? (await new Promise<StudioClient>((resolve) => this.waiting.push(resolve)));
    return client.call(name, request, options);
  }
}
