/** The page's line to the engine: calls wait for the first port, end with a code when it dies, and go on with the next. */
import { type CallOptions, type Client, connect } from '../../electron/contract/client';
import { AppError } from '../../electron/contract/errors';
import type { CallName, ReplyOf, RequestInput } from '../../electron/contract/rpc';
import { type PageContract, pageContract } from '../../electron/contract/page';
import type { ProcessHealth } from '../../electron/contract/studio';
import type { Transport } from '../../electron/contract/transport';

export type StudioClient = Client<PageContract>;

interface Waiting {
  resolve: (client: StudioClient) => void;
  reject: (error: AppError) => void;
}

export class EngineLink {
  private client: StudioClient | undefined;
  private waiting: Waiting[] = [];
  private givenUp: AppError | undefined;

  /** `onAttached` subscribes to events and reloads what the page shows. */
  constructor(private readonly onAttached: (client: StudioClient) => void) {}

  attach(transport: Transport): void {
    this.lose();
    this.givenUp = undefined;
    const client = connect(pageContract, transport);
    this.client = client;
    this.onAttached(client);
    for (const { resolve } of this.waiting.splice(0)) resolve(client);
  }

  /** Main tells how the engine is: what waits for a dead engine ends with a code, and what comes while it rests, too. */
  heard({ state }: ProcessHealth): void {
    if (state === 'running') return;
    this.lose();
    if (state !== 'gave-up') return;
    this.givenUp = new AppError('engine/gave-up', 'The engine stopped several times and rests now.');
    for (const { reject } of this.waiting.splice(0)) reject(this.givenUp);
  }

  private lose(): void {
    this.client?.close('engine/crashed', 'The engine stopped and is started again. Nothing on disk was touched.');
    this.client = undefined;
  }

  async call<K extends CallName<PageContract>>(
    name: K,
    request: RequestInput<PageContract, K>,
    options?: CallOptions,
  ): Promise<ReplyOf<PageContract, K>> {
    if (this.givenUp !== undefined) throw this.givenUp;
    const client = this.client ?? (await this.nextClient());
    return client.call(name, request, options);
  }

  private nextClient(): Promise<StudioClient> {
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }
}
