/** The preload's object with every answer parsed, as the page uses it. */
import * as z from 'zod';
import { bridgeChannels, droppedSchema, type DuetBridge, type RawBridge } from '../../electron/contract/bridge';
import { AppError } from '../../electron/contract/errors';
import { jobIdSchema } from '../../electron/contract/jobs';
import { firstIssue } from '../../electron/contract/rpc';
import { processHealthSchema } from '../../electron/contract/studio';

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError('call/bad-reply', `The answer to ${what} was not understood: ${firstIssue(parsed.error)}.`);
}

const {
  'files.handles': handles,
  'dialog.open': opened,
  'dialog.save': saved,
  'workspaces.list': workspaces,
  'workspaces.open': change,
} = bridgeChannels;

async function done(answer: Promise<unknown>): Promise<void> {
  parse(z.null(), await answer, 'a request');
}

export function checkBridge(raw: RawBridge): DuetBridge {
  return {
    platform: raw.platform,
    handlesFor: async (files) => parse(handles.reply, await raw.handlesFor(files), 'files.handles'),
    openDialog: async (kind) => parse(opened.reply, await raw.openDialog(kind), 'dialog.open'),
    saveDialog: async (kind, name) => parse(saved.reply, await raw.saveDialog(kind, name), 'dialog.save'),
    reveal: (handle) => done(raw.reveal(handle)),
    setTheme: (theme) => done(raw.setTheme(theme)),
    copyText: (text) => done(raw.copyText(text)),
    connectEngine: () => done(raw.connectEngine()),
    onEngineHealth: (listener) =>
      raw.onEngineHealth((health) => listener(parse(processHealthSchema, health, 'engine health'))),
    retryEngine: () => done(raw.retryEngine()),
    onCommand: (listener) => raw.onCommand((id) => listener(parse(z.string(), id, 'a menu command'))),
    listWorkspaces: async () => parse(workspaces.reply, await raw.listWorkspaces(), 'workspaces.list'),
    openWorkspace: async (id) => parse(change.reply, await raw.openWorkspace(id), 'workspaces.open').isChanged,
    createWorkspace: async () => parse(change.reply, await raw.createWorkspace(), 'workspaces.create').isChanged,
    revealWorkspace: () => done(raw.revealWorkspace()),
    onCloseAsked: (listener) =>
      raw.onCloseAsked((titles) => listener(parse(z.array(z.string()), titles, 'a question'))),
    answerClose: (answer) => done(raw.answerClose(answer)),
    onOpenJob: (listener) => raw.onOpenJob((id) => listener(parse(jobIdSchema, id, 'a notice'))),
    onOpened: (listener) => raw.onOpened((dropped) => listener(parse(z.array(droppedSchema), dropped, 'opened files'))),
  };
}
