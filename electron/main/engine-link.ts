/** Main's hold on the engine: keeps it alive and gives every page a fresh port, also after a restart. */
import { MessageChannelMain, type WebContents } from 'electron';
import { engineHealthMessage, portMessage } from '../contract/bridge-messages';
import { hostContract, type HostContract } from '../contract/host';
import type { CallName, ReplyOf, RequestInput } from '../contract/rpc';
import { Supervisor } from '../engine/processes/supervisor';
import type { EngineHost } from './utility-host';

export class EngineLink {
  private readonly supervisor: Supervisor<HostContract>;
  private readonly pages = new Set<WebContents>();
  private folders: { thumbs: string; previews: string } | undefined;
  private isStarted = false;

  constructor(
    private readonly host: EngineHost,
    now: () => number,
  ) {
    this.supervisor = new Supervisor({
      role: 'engine',
      contract: hostContract,
      host,
      now,
      prepare: () => {
        this.folders = undefined;
        this.isStarted = true;
        for (const page of this.pages) this.connect(page);
      },
    });
    this.supervisor.health.add(() => {
      for (const page of this.pages) this.tellHealth(page);
    });
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
    this.tellHealth(page);
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

  async stop(): Promise<void> {
    await this.supervisor.call('engine.stop', {}).catch(() => undefined);
    this.supervisor.dispose();
  }

  /** A port of the page does not tell that its other end died, so main does. */
  private tellHealth(page: WebContents): void {
    if (isAlive(page)) page.send(engineHealthMessage, this.supervisor.current());
  }

  private connect(page: WebContents): void {
    if (!isAlive(page)) return;
    const { port1, port2 } = new MessageChannelMain();
    this.host.giveWindow(port1);
    page.postMessage(portMessage, null, [port2]);
  }
}

/** A page whose process died asks for a port by itself once it is back. */
function isAlive(page: WebContents): boolean {
  return !page.isDestroyed() && !page.isCrashed();
}
