/** The few choices of view that outlive the window. */
import * as z from 'zod';
import type { StoreApi } from 'zustand/vanilla';
import type { StudioState } from './studio-state';

const key = 'duet.view';
const savedSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  threshold: z.number().min(0).max(1),
  layout: z.enum(['grid', 'list']),
  showsBoxes: z.boolean(),
  isInspectorOpen: z.boolean(),
});
type Saved = z.infer<typeof savedSchema>;

function pick(state: StudioState): Saved {
  const { theme, threshold, layout, showsBoxes, isInspectorOpen } = state;
  return { theme, threshold, layout, showsBoxes, isInspectorOpen };
}

/** Restores what was chosen last and writes down changes; a damaged or refused memory is no reason to stop. */
export function keepPreferences(store: StoreApi<StudioState>, memory: Storage): () => void {
  try {
    const saved = savedSchema.safeParse(JSON.parse(memory.getItem(key) ?? 'null'));
    if (saved.success) store.setState(saved.data);
  } catch {
    // Not ours or not JSON: begin with the defaults.
  }
  let written = JSON.stringify(pick(store.getState()));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => {
    try {
      memory.setItem(key, written);
    } catch {
      // A full or refused memory only means that the choice is asked again next time.
    }
  };
  return store.subscribe((state) => {
    const next = JSON.stringify(pick(state));
    if (next === written) return;
    written = next;
    clearTimeout(timer);
    timer = setTimeout(write, 300);
  });
}
