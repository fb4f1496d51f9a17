/** The only place that answers the page's own calls to main: sender checked, request parsed, failure as data. */
import { type IpcMainInvokeEvent, ipcMain } from 'electron';
import type * as z from 'zod';
import { type BridgeChannel, bridgeChannels, type BridgeChannels } from '../contract/bridge';
import { AppError, type Failure, toFailure } from '../contract/errors';
import { assertMessageFits } from '../contract/measure';
import { firstIssue } from '../contract/rpc';
import { isOwnFrame } from './content-policy';

type RequestOf<K extends BridgeChannel> = z.output<BridgeChannels[K]['request']>;
type ReplyOf<K extends BridgeChannel> = z.input<BridgeChannels[K]['reply']>;

export type BridgeHandlers = {
  [K in BridgeChannel]: (request: RequestOf<K>, event: IpcMainInvokeEvent) => Promise<ReplyOf<K>> | ReplyOf<K>;
};

type Answer = { ok: true; reply: unknown } | { ok: false; failure: Failure };

export function answerBridge(handlers: BridgeHandlers): void {
  for (const channel of channels()) {
    ipcMain.handle(channel, (event, request: unknown) => answer(channel, handlers, event, request));
  }
}

function channels(): BridgeChannel[] {
  return Object.keys(bridgeChannels).filter(isChannel);
}

function isChannel(name: string): name is BridgeChannel {
  return Object.hasOwn(bridgeChannels, name);
}

async function answer(
  channel: BridgeChannel,
  handlers: BridgeHandlers,
  event: IpcMainInvokeEvent,
  request: unknown,
): Promise<Answer> {
  try {
    assertOwnSender(event);
    assertMessageFits(request);
    const parsed = bridgeChannels[channel].request.safeParse(request);
    if (!parsed.success) {
      throw new AppError('call/bad-request', `${channel} was refused: ${firstIssue(parsed.error)}.`, { channel });
    }
    const handler: (request: never, event: IpcMainInvokeEvent) => unknown = handlers[channel];
    return { ok: true, reply: await callParsed(handler, parsed.data, event) };
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
}

/** The schema of the same channel has just vouched for `request`; TypeScript cannot follow the pair through the table. */
function callParsed(
  handler: (request: never, event: IpcMainInvokeEvent) => unknown,
  request: unknown,
  event: IpcMainInvokeEvent,
): unknown {
  return Reflect.apply(handler, undefined, [request, event]);
}

/** Refuses everyone but the main frame of our own page; a frame that is already gone has no address. */
function assertOwnSender(event: IpcMainInvokeEvent): void {
  const frame = event.senderFrame;
  const isOwn = frame !== null && isOwnFrame(frame.url, frame.parent === null && frame === event.sender.mainFrame);
  if (!isOwn) throw new AppError('call/bad-request', 'A call from a foreign page was refused.');
}
