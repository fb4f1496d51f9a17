/** A page that is loaded again, after a crash of its process, opens where it was; a new window opens on Home. */
import type { Studio } from './studio';
import { type Screen, screens } from './studio-state';

const key = 'duet.screen';

export function keepScreen(store: Studio['store'], storage: Pick<Storage, 'getItem' | 'setItem'>): void {
  const kept = screens.find((screen) => screen === storage.getItem(key));
  if (kept !== undefined) store.setState({ screen: kept });
  let last: Screen = store.getState().screen;
  store.subscribe(({ screen }) => {
    if (screen === last) return;
    last = screen;
    try {
      storage.setItem(key, screen);
    } catch {
      // A full or refused memory: the page begins on Home after a crash.
    }
  });
}
