/** Keeps one process alive: rejects what was pending when it dies, starts it again, and gives up calmly when it keeps dying. */
import { connect, type CallOptions, type Client } from '../../contract/client';
import { AppError } from '../../contract/errors';
import type { CallName, Contract, ReplyOf, RequestInput } from '../../contract/rpc';
import type { ProcessHealth } from '../../contract/studio';
import { Listeners } from '../../contract/transport';
import type { HostedProcess, ProcessHost } from './process-host';
import { RestartBudget } from './restart-budget';

export interface SupervisorOptions<C extends Contract> {
  role: ProcessHealth['role'];
  contract: C;
  host: ProcessHost;
  now: () => number;
  /** Called with each new client, and its process, before any call is made on it. */
  prepare?(client: Client<C>, pid: number | undefined): void;
}

interface Running<C extends Contract> {
  process: HostedProcess;
  client: Client<C>;
  /** Calls that are not answered yet. */
  calls: number;
}

export class Supervisor<C extends Contract> {
  readonly health = new Listeners<ProcessHealth>();
  private readonly budget: RestartBudget;
  private starting: Promise<Running<C>> | undefined;
  private running: Running<C> | undefined;
  /** Replaced, and only kept until their last call is answered. */
  private readonly retired = new Set<Running<C>>();
  private state: ProcessHealth['state'] = 'running';
  private reason = '';
  private isDisposed = false;

  constructor(private readonly options: SupervisorOptions<C>) {
    this.budget = new RestartBudget(options.now);
  }

  /** The process id, when one is running in a process of its own. */
  get pid(): number | undefined {
    return this.running?.process.pid;
  }

  current(): ProcessHealth {
    return { role: this.options.role, state: this.state, restarts: this.budget.used, reason: this.reason };
  }

  /** Starts the process if needed, so that the first call does not wait for it. */
  async start(): Promise<void> {
    await this.ready();
  }

  async call<K extends CallName<C>>(
    name: K,
    request: RequestInput<C, K>,
    options: CallOptions = {},
  ): Promise<ReplyOf<C, K>> {
    const running = await this.ready();
    running.calls += 1;
    try {
      return await running.client.call(name, request, options);
    } finally {
      running.calls -= 1;
      this.letGo(running);
    }
  }

  /** After giving up: forget the deaths and start again. */
  async retry(): Promise<void> {
    this.budget.refill();
    this.state = 'running';
    await this.ready();
    this.tell();
  }

  /** Ends the running process at once; it counts as a crash and comes back. */
  kill(): void {
    this.running?.process.kill();
  }

  /** Ends at once what has not answered yet, also when it was replaced. */
  killBusy(): void {
    for (const one of [this.running, ...this.retired]) if (one !== undefined && one.calls > 0) one.process.kill();
  }

  /** The next call is answered by a new process; the old one ends once it has answered what it was asked. Not a crash. */
  renew(): void {
    if (this.running === undefined) return;
    this.retired.add(this.running);
    const old = this.running;
    this.running = undefined;
    this.letGo(old);
  }

  dispose(): void {
    this.isDisposed = true;
    for (const one of [this.running, ...this.retired]) {
      one?.client.close();
      one?.process.kill();
    }
    this.running = undefined;
    this.retired.clear();
  }

  private letGo(old: Running<C>): void {
    if (old.calls > 0 || !this.retired.delete(old)) return;
    old.client.close();
    old.process.kill();
  }

  private ready(): Promise<Running<C>> {
    const { role } = this.options;
    if (this.isDisposed) return Promise.reject(new AppError('engine/closed', 'Duet is closing.'));
    if (this.state === 'gave-up') {
      const message = `The ${role} process ended ${RestartBudget.deaths} times within five minutes and was left alone.`;
      return Promise.reject(new AppError('engine/gave-up', message, { role }));
    }
    if (this.running !== undefined) return Promise.resolve(this.running);
    this.starting ??= this.spawn().finally(() => (this.starting = undefined));
    return this.starting;
  }

  private async spawn(): Promise<Running<C>> {
    const process = await this.options.host.spawn(this.options.role);
    const client = connect(this.options.contract, process.transport);
    const running = { process, client, calls: 0 };
    if (this.isDisposed) process.kill();
    this.running = running;
    this.options.prepare?.(client, process.pid);
    process.onExit((reason) => this.ended(running, reason));
    return running;
  }

  private ended(running: Running<C>, reason: string): void {
    const { role } = this.options;
    running.client.close('engine/crashed', `The ${role} process ended unexpectedly (${reason}).`);
    this.retired.delete(running);
    if (this.running !== running || this.isDisposed) return;
    this.running = undefined;
    this.reason = reason;
    if (!this.budget.take()) {
      this.state = 'gave-up';
      this.tell();
      return;
    }
    this.state = 'restarting';
    this.tell();
    this.restart();
  }

  private restart(): void {
    this.ready().then(
      () => {
        this.state = 'running';
        this.tell();
      },
      (error: unknown) => {
        this.state = 'gave-up';
        this.reason = error instanceof Error ? error.message : String(error);
        this.tell();
      },
    );
  }

  private tell(): void {
    if (!this.isDisposed) this.health.tell(this.current());
  }
}
