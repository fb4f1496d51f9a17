/** What the page knows of the workspace: the open one, the others of this machine, and the space there is. */
import type { WorkspacePlace } from '../../electron/contract/bridge';
import type { WorkspaceInfo } from '../../electron/contract/workspace';

export interface WorkspaceState {
  info: WorkspaceInfo | null;
  places: readonly WorkspacePlace[];
  space: { usedBytes: number; freeBytes: number } | null;
  isMenuOpen: boolean;
  /** Another one is being opened. */
  isChanging: boolean;
}

export const initialWorkspace: WorkspaceState = {
  info: null,
  places: [],
  space: null,
  isMenuOpen: false,
  isChanging: false,
};
