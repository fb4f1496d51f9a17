/** Which of the two looks the page has at this moment: what is drawn on canvas takes its colours anew when it turns. */
import { useSyncExternalStore } from 'react';

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

function look(): string {
  return document.documentElement.dataset['theme'] ?? 'light';
}

export function useTheme(): string {
  return useSyncExternalStore(subscribe, look);
}
