/** Main's hold on the engine: keeps it alive and gives every page a fresh port, also after a restart. */
import { MessageChannelMain, type WebContents } from 'electron';
import { engineHealthMessage, portMessage } from '../contract/bridge-messages';
import type { Client } from '../contract/client';
import { hostContract, type HostContract } from '../contract/host';
import type { CallName, ReplyOf, RequestInput } from '../contract/rpc';
import type { ProcessHealth } from '../contract/studio';
import { Supervisor } from '../engine/processes/supervisor';
import type { EngineHost } from './utility-host';

/** How long an engine may take to end in order before another one is started; its jobs are safe in any case. */
const longestStopMs = 8000;

export class EngineLink {
  private supervisor: Supervisor<HostContract>;
  private readonly pages = new Set<WebContents>();
  private folders: { thumbs: string; previews: string } | undefined;
  private isStarted = false;

  /** `onStarted` is given the line to each engine as it starts. */
  constructor(
    private readonly host: EngineHost,
    private readonly now: () => number,
    private readonly onStarted: (client: Client<HostContract>) => void,
  ) {
    this.supervisor = this.makeSupervisor();
  }

  private makeSupervisor(): Supervisor<HostContract> {
    const supervisor = new Supervisor({
      role: 'engine',
      contract: hostContract,
      host: this.host,
      now: this.now,
      prepare: (client) => {
        this.folders = undefined;
        this.isStarted = true;
        this.onStarted(client);
        for (const page of this.pages) this.connect(page);
      },
    });
    supervisor.health.add((health) => {
      for (const page of this.pages) tellHealth(page, health);
    });
    return supervisor;
  }

  call<K extends CallName<HostContract>>(
    name: K,
    request: RequestInput<HostContract, K>,
  ): Promise<ReplyOf<HostContract, K>> {
    return this.supervisor.call(name, request);
  }

  /**
   * The page gets a port now or with the start, and another one whenever the engine was restarted. The first page to ask
   * starts the engine: its four processes would take the cores from a page that has not shown anything yet.
   */
  attach(page: WebContents): void {
    if (!this.pages.has(page)) {
      this.pages.add(page);
      page.once('destroyed', () => this.pages.delete(page));
    }
    if (!this.isStarted) {
      this.supervisor.start().catch((error: unknown) => process.stderr.write(`engine: ${String(error)}\n`));
      return;
    }
    this.connect(page);
    tellHealth(page, this.supervisor.current());
  }

  /** Where thumbnails and previews lie while this engine lives. */
  async imageFolder(kind: 'thumbs' | 'previews'): Promise<string> {
    this.folders ??= await this.supervisor.call('folders', {});
    return this.folders[kind];
  }

  /** A person asked to try again after the engine was given up. */
  retry(): Promise<void> {
    return this.supervisor.retry();
  }

  /**
   * Ends the engine in order and starts another one, for which its host may name another workspace by now. Settles once
   * that one answers; throws when it could not open what it was given.
   */
  async restart(): Promise<void> {
    const limit = new Promise((resolve) => setTimeout(resolve, longestStopMs));
    const health = { role: 'engine', state: 'restarting', restarts: 0, reason: 'a workspace is being opened' } as const;
    for (const page of this.pages) tellHealth(page, health);
    await Promise.race([this.stop('keep'), limit]);
    this.supervisor.dispose();
    this.supervisor = this.makeSupervisor();
    try {
      await this.supervisor.call('folders', {});
    } catch (error) {
      this.supervisor.dispose();
      throw error;
    }
    for (const page of this.pages) tellHealth(page, this.supervisor.current());
  }

  /** Jobs at work are kept for the next start, or cancelled. */
  async stop(jobs: 'keep' | 'cancel'): Promise<void> {
    const { supervisor } = this;
    if (this.isStarted) await supervisor.call('engine.stop', { jobs }).catch(() => undefined);
    supervisor.dispose();
  }

  private connect(page: WebContents): void {
    if (!isAlive(page)) return;
    const { port1, port2 } = new MessageChannelMain();
    this.host.giveWindow(port1);
    page.postMessage(portMessage, null, [port2]);
  }
}

/** A port of the page does not tell that its other end died, so main does. */
function tellHealth(page: WebContents, health: ProcessHealth): void {
  if (isAlive(page)) page.send(engineHealthMessage, health);
}

/** A page whose process died asks for a port by itself once it is back. */
function isAlive(page: WebContents): boolean {
  return !page.isDestroyed() && !page.isCrashed();
}
