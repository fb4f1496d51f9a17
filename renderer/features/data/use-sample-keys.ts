/** The keys of the Data screen: arrows move, Space previews, Enter opens, Del excludes, 1 to 9 give a class. */
import { type RefObject, useEffect } from 'react';
import { excludeMeant, keyClasses, labelSamples, meantSamples } from '../../state/data-actions';
import { getData, setData } from '../../state/data-load';
import type { SampleRows } from '../../state/data-rows';
import type { Step } from '../../state/grid-rows';
import { isPressable, isTyping } from '../../state/key-targets';
import { select, selectAll, selectOne } from '../../state/selection';
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

export function sampleElementId(index: number): string {
  return `sample-${index}`;
}

/** Arrow keys move while the grid has the focus, or nothing has; with Shift they extend the selection. */
function move(studio: Studio, rows: SampleRows, event: KeyboardEvent): void {
  const named = steps[event.key];
  const { order, selection, opened } = getData(studio);
  if (named === undefined || event.altKey || event.ctrlKey || event.metaKey || order === null) return;
  event.preventDefault();
  const from = selection.active === null ? -1 : order.indices.indexOf(selection.active);
  const index = order.indices[rows.step(from, named)];
  if (index === undefined) return;
  const modifiers = { isAdding: false, isExtending: event.shiftKey };
  setData(studio, {
    selection: select<number>(selection, order.indices, index, modifiers),
    // A preview that is open goes along.
    opened: opened === null ? null : { index, how: opened.how },
    isPicking: false,
  });
}

export function useMoveKeys(rows: SampleRows, area: RefObject<HTMLElement | null>): void {
  const studio = useStudio();
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const isHere = event.target === area.current || event.target === document.body;
      if (event.defaultPrevented || !isHere || isBusy(studio)) return;
      if (getData(studio).opened?.how !== 'view') move(studio, rows, event);
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [studio, rows, area]);
}

/** Something above the samples has the word. */
function isBusy(studio: Studio): boolean {
  const { imported, isGalleryOpen } = getData(studio);
  return imported !== null || isGalleryOpen || studio.store.getState().overlay !== null;
}

/** The neighbour in the order of the screen; stays put at the ends. */
export function stepSample(studio: Studio, by: 1 | -1): void {
  const { opened, order } = getData(studio);
  if (opened === null || order === null) return;
  const index = order.indices[order.indices.indexOf(opened.index) + by];
  if (index !== undefined) setData(studio, { opened: { index, how: opened.how }, selection: selectOne(index) });
}

function open(studio: Studio, how: 'preview' | 'view'): boolean {
  const { selection, opened } = getData(studio);
  if (opened?.how === how) {
    setData(studio, { opened: null });
    return true;
  }
  const index = opened?.index ?? selection.active;
  if (index === null) return false;
  setData(studio, { opened: { index, how } });
  return true;
}

function giveKey(studio: Studio, key: string): boolean {
  const label = keyClasses(studio)[Number(key) - 1];
  const indices = meantSamples(studio);
  if (label === undefined || indices.length === 0) return false;
  void labelSamples(studio, indices, label);
  return true;
}

function selectEverything(studio: Studio): boolean {
  const { order, selection } = getData(studio);
  if (order === null) return false;
  setData(studio, { selection: selectAll<number>(order.indices, selection) });
  return true;
}

/** Whether the key meant something here. */
function press(studio: Studio, event: KeyboardEvent): boolean {
  const { detail, labelling, opened } = getData(studio);
  const hasMod = event.ctrlKey || event.metaKey;
  if (hasMod && event.key.toLowerCase() === 'b') {
    setData(studio, { isListOpen: !getData(studio).isListOpen });
    return true;
  }
  if (detail === null || labelling !== null) return false;
  if (hasMod) return event.key.toLowerCase() === 'a' && selectEverything(studio);
  if (event.altKey) return false;
  if (event.key === ' ' && !isPressable(event.target)) return open(studio, 'preview');
  if (event.key === 'Enter' && !isPressable(event.target)) return open(studio, 'view');
  if (event.key === 'Delete' || event.key === 'Backspace') {
    excludeMeant(studio);
    return true;
  }
  if (/^[1-9]$/.test(event.key)) return giveKey(studio, event.key);
  if (event.key === 'l' && meantSamples(studio).length > 0) {
    showInspector(studio, true);
    setData(studio, { isPicking: true });
    return true;
  }
  if (opened?.how === 'view' && event.key === 'ArrowLeft') stepSample(studio, -1);
  else if (opened?.how === 'view' && event.key === 'ArrowRight') stepSample(studio, 1);
  else return false;
  return true;
}

/** Listens on the page, ahead of the table of commands, so that these keys never mean the pictures of another screen. */
export function useSampleKeys(): void {
  const studio = useStudio();
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || isTyping(event.target) || isBusy(studio)) return;
      if (press(studio, event)) event.preventDefault();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [studio]);
}
