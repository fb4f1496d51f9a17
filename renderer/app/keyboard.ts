/** The keyboard outside text fields: one listener that reads the table of commands, and Esc that backs out one level. */
import { commandIds, type CommandId } from '../../electron/contract/bridge';
import { isPressable, isTyping } from '../state/key-targets';
import { takeFiles } from '../state/photo-actions';
import type { Studio } from '../state/studio';
import { back } from '../state/view-actions';
import { commands, runCommand } from './commands';
import { type KeyPress, matchesShortcut } from './shortcuts';

function commandFor(press: KeyPress, isMac: boolean): CommandId | undefined {
  const named = { ...keyFacts(press), key: press.key === ' ' ? 'Space' : press.key };
  return commandIds.find((id) => commands[id].shortcuts.some((shortcut) => matchesShortcut(shortcut, named, isMac)));
}

function keyFacts({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyPress): KeyPress {
  return { key, ctrlKey, metaKey, shiftKey, altKey };
}

/** Fields keep their own editing keys; everything with Ctrl that is not editing text still works from within them. */
const editingShortcuts: readonly CommandId[] = ['edit.undo', 'edit.redo', 'photos.selectAll'];

function isForField(event: KeyboardEvent, id: CommandId): boolean {
  if (!isTyping(event.target)) return false;
  return editingShortcuts.includes(id) || !(event.ctrlKey || event.metaKey);
}

export function listenToKeys(studio: Studio, page: Window): () => void {
  const isMac = studio.bridge.platform === 'darwin';
  const press = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === 'Escape') {
      if (back(studio)) event.preventDefault();
      return;
    }
    const id = commandFor(event, isMac);
    if (id === undefined || isForField(event, id)) return;
    const isPress = (event.key === 'Enter' || event.key === ' ') && !event.ctrlKey && !event.metaKey;
    if (isPress && isPressable(event.target)) return;
    if (runCommand(studio, id)) event.preventDefault();
  };
  const paste = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || isTyping(event.target)) return;
    event.preventDefault();
    void takeFiles(studio, files);
  };
  page.addEventListener('keydown', press);
  page.addEventListener('paste', paste);
  return () => {
    page.removeEventListener('keydown', press);
    page.removeEventListener('paste', paste);
  };
}

export function isCommandId(id: string): id is CommandId {
  return id in commands;
}
