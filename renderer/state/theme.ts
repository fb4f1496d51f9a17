/** Puts the chosen theme on the page; "system" follows the system as it changes. */
import type { StoreApi } from 'zustand/vanilla';
import type { StudioState } from './studio-state';

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
