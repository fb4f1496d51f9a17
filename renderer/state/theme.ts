/** What the page takes from the system and the window: the theme, and whether there is room for side panels. */
import type { StoreApi } from 'zustand/vanilla';
import type { StudioState } from './studio-state';

/** Puts the chosen theme on the page; "system" follows the system as it changes. */
export function keepTheme(store: StoreApi<StudioState>, page: Window): () => void {
  const isDark = page.matchMedia('(prefers-color-scheme: dark)');
  const apply = (): void => {
    const { theme } = store.getState();
    page.document.documentElement.dataset['theme'] = theme === 'system' ? (isDark.matches ? 'dark' : 'light') : theme;
  };
  apply();
  isDark.addEventListener('change', apply);
  const undo = store.subscribe((state, before) => {
    if (state.theme !== before.theme) apply();
  });
  return () => {
    undo();
    isDark.removeEventListener('change', apply);
  };
}

/** Under this width the inspector becomes a drawer; the style sheets have the same number. */
const narrowQuery = '(max-width: 1119px)';

export function keepWidth(store: StoreApi<StudioState>, page: Window): () => void {
  const narrow = page.matchMedia(narrowQuery);
  const apply = (): void => store.setState({ isNarrow: narrow.matches, isDrawerOpen: false });
  apply();
  narrow.addEventListener('change', apply);
  return () => narrow.removeEventListener('change', apply);
}
