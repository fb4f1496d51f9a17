/** The first shortcut of a command, written as on this machine. */
import type { CommandId } from '../../electron/contract/bridge';
import { useStudio } from '../state/use-studio';
import { commands } from './commands';
import { showShortcut } from './shortcuts';

export function useKeys(): (id: CommandId) => string | undefined {
  const isMac = useStudio().bridge.platform === 'darwin';
  return (id) => {
    const [first] = commands[id].shortcuts;
    return first === undefined ? undefined : showShortcut(first, isMac);
  };
}
