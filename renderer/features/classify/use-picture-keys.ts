/** The keys that move among pictures, the same in the grid and in the list. */
import type { KeyboardEvent, MouseEvent } from 'react';
import { confirmPhotos, openDetail } from '../../state/photo-actions';
import type { Step } from '../../state/grid-rows';
import { select } from '../../state/selection';
import type { Studio } from '../../state/studio';
import { useStudio } from '../../state/use-studio';
import { showInspector } from '../../state/view-actions';

const steps: Readonly<Record<string, Step>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'home',
  End: 'end',
  PageUp: 'pageUp',
  PageDown: 'pageDown',
};

export function pictureElementId(id: string): string {
  return `picture-${id}`;
}

/** Pictures that a command means: all selected ones, else the one with the keyboard on it. */
function meant(studio: Studio): string[] {
  const { selection } = studio.store.getState();
  if (selection.ids.size > 0) return [...selection.ids];
  return selection.active === null ? [] : [selection.active];
}

function confirmMeant(studio: Studio): void {
  const { photos } = studio.store.getState();
  void confirmPhotos(
    studio,
    meant(studio).flatMap((id) => photos.get(id) ?? []),
  );
}

/** Opens the list of labels for the selected pictures, where the inspector shows it. */
export function askLabel(studio: Studio, id: string): void {
  studio.store.setState({ labelling: id });
  showInspector(studio, true);
}

export function usePictureKeys(step: (from: number, step: Step) => number): (event: KeyboardEvent) => void {
  const studio = useStudio();
  return (event) => {
    if (event.target !== event.currentTarget || event.altKey) return;
    const { list, selection } = studio.store.getState();
    const named = steps[event.key];
    const hasMod = event.ctrlKey || event.metaKey;
    if (named !== undefined) {
      const from = selection.active === null ? -1 : list.order.indexOf(selection.active);
      const id = list.order[step(from, named)];
      if (id === undefined) return;
      event.preventDefault();
      const modifiers = { isAdding: false, isExtending: event.shiftKey };
      studio.store.setState({ selection: select(selection, list.order, id, modifiers) });
    } else if (event.key.toLowerCase() === 'y' && !hasMod) {
      event.preventDefault();
      confirmMeant(studio);
    } else if (event.key.toLowerCase() === 'n' && !hasMod && selection.active !== null) {
      event.preventDefault();
      askLabel(studio, selection.active);
    }
  };
}

interface PictureMouse {
  onClick: (event: MouseEvent) => void;
  onDoubleClick: () => void;
}

/** Click selects, with Ctrl or Shift as everywhere; double-click opens. */
export function usePictureMouse(id: string): PictureMouse {
  const studio = useStudio();
  return {
    onClick: (event) => {
      const { list, selection } = studio.store.getState();
      const modifiers = { isAdding: event.ctrlKey || event.metaKey, isExtending: event.shiftKey };
      studio.store.setState({ selection: select(selection, list.order, id, modifiers) });
    },
    onDoubleClick: () => openDetail(studio, id),
  };
}
