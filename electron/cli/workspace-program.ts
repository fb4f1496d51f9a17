/** The words of `duet workspace`, as `--help` tells them. */
import type { Command as Base } from 'commander';
import { type CommonOptions, commonSchema, parseOptions, type SweepOptions, sweepSchema } from './options';

export interface WorkspaceActions {
  showWorkspace(options: CommonOptions): Promise<number>;
  verifyWorkspace(options: CommonOptions): Promise<number>;
  rebuildWorkspace(options: CommonOptions): Promise<number>;
  sweepWorkspace(options: SweepOptions): Promise<number>;
  backUpWorkspace(target: string, options: CommonOptions): Promise<number>;
}

const verifyHelp = `
Reads every file that must not change and compares it with its name, which is its hash. Changes nothing, and can run
while the window is open.

Exit code: 0 all is as it was written, 1 something is missing, damaged, doubled or not of Duet, 2 wrong usage, 130 cancelled.`;

const rebuildHelp = `
Makes the index (index.sqlite) anew from the other files. This happens by itself when the index is missing or damaged.

Exit code: 0 all went well, 1 a file it is made from is damaged or missing, or another Duet writes to the workspace,
2 wrong usage.`;

const sweepHelp = `
Deletes the objects that no data set, revision, edit, report or job refers to, as they are left when data sets are
removed. The window does this by itself after it was opened. When anything that may refer to objects cannot be read,
nothing is deleted.

Exit code: 0 all went well, 1 something could not be read, or another Duet writes to the workspace, 2 wrong usage,
130 cancelled.`;

const backupHelp = `
Copies the workspace of --workspace to a folder that does not exist yet, and reads every copied object again. The copy
is a workspace itself: open it with --workspace. It appears under its name when it is whole.

Exit code: 0 all went well, 1 the copy could not be made, or the original was damaged before, 2 wrong usage, 130 cancelled.`;

type Add = (parent: Base, name: string, description: string) => Base;

export function addWorkspace(
  workspace: Base,
  add: Add,
  actions: WorkspaceActions,
  onExit: (code: number) => void,
): void {
  const optionsOf = (self: Base): CommonOptions => parseOptions(commonSchema, self.opts());
  add(workspace, 'info', 'say where the workspace is, who writes to it, how much it holds').action(
    async (_given: unknown, self: Base) => {
      onExit(await actions.showWorkspace(optionsOf(self)));
    },
  );
  add(workspace, 'verify', 'read everything and tell what is missing or damaged')
    .addHelpText('after', verifyHelp)
    .action(async (_given: unknown, self: Base) => {
      onExit(await actions.verifyWorkspace(optionsOf(self)));
    });
  add(workspace, 'rebuild', 'make the index anew from the other files')
    .addHelpText('after', rebuildHelp)
    .action(async (_given: unknown, self: Base) => {
      onExit(await actions.rebuildWorkspace(optionsOf(self)));
    });
  add(workspace, 'sweep', 'delete the objects that nothing refers to any more')
    .option('--dry-run', 'only say what would be deleted')
    .addHelpText('after', sweepHelp)
    .action(async (_given: unknown, self: Base) => {
      onExit(await actions.sweepWorkspace(parseOptions(sweepSchema, self.opts())));
    });
  add(workspace, 'backup', 'copy the workspace to a new folder, checked')
    .argument('<dir>', 'the folder to make')
    .addHelpText('after', backupHelp)
    .action(async (target: string, _given: unknown, self: Base) => {
      onExit(await actions.backUpWorkspace(target, optionsOf(self)));
    });
}
