/** Pictures as they stream in: gathered between frames, put into one map that is mutated in place. */
import type { StoreApi } from 'zustand/vanilla';
import type { Photo } from '../../electron/contract/photo';
import { withoutRemoved } from './selection';
import type { StudioState } from './studio-state';

type Change =
  { type: 'set'; photo: Photo } | { type: 'remove'; id: string } | { type: 'replace'; photos: Map<string, Photo> };

export class PhotoStore {
  private photos = new Map<string, Photo>();
  private changes: Change[] = [];

  /** `schedule` asks for `flush` soon, once per frame. */
  constructor(
    private readonly store: StoreApi<StudioState>,
    makeSchedule: (flush: () => void) => () => void,
  ) {
    this.schedule = makeSchedule(() => this.flush());
    store.setState({ photos: this.photos });
  }

  private readonly schedule: () => void;

  set(photos: readonly Photo[]): void {
    for (const photo of photos) this.changes.push({ type: 'set', photo });
    this.schedule();
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) this.changes.push({ type: 'remove', id });
    this.schedule();
  }

  /** Everything anew, after the engine was started again. */
  replace(photos: Map<string, Photo>): void {
    this.changes = [{ type: 'replace', photos }];
    this.flush();
  }

  flush(): void {
    if (this.changes.length === 0) return;
    const removed = new Set<string>();
    for (const change of this.changes.splice(0)) {
      if (change.type === 'replace') this.photos = change.photos;
      else if (change.type === 'set') this.photos.set(change.photo.id, change.photo);
      else if (this.photos.delete(change.id)) removed.add(change.id);
    }
    const state = this.store.getState();
    const selection = removed.size === 0 ? state.selection : withoutRemoved(state.selection, state.list.order, removed);
    const isDetailGone = state.detail !== null && !this.photos.has(state.detail.id);
    this.store.setState({
      photos: this.photos,
      photosVersion: state.photosVersion + 1,
      selection,
      detail: isDetailGone ? null : state.detail,
    });
  }
}
