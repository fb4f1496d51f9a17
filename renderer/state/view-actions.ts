/** How a person looks at things: screens, panels, filters, theme; nothing here asks the engine. */
import type { Theme } from '../../electron/contract/bridge';
import type { SectionKind, SortBy } from './photo-list';
import { noSelection } from './selection';
import type { Studio } from './studio';
import { type Filter, noFilter, type Screen, type StudioState } from './studio-state';

export function goTo(studio: Studio, screen: Screen): void {
  studio.store.setState({ screen, overlay: null });
}

export function setFilter(studio: Studio, change: Partial<Filter>): void {
  studio.store.setState((state) => ({ filter: { ...state.filter, ...change } }));
}

/** A count is a door: shows its pictures, and all of them again at the second click. */
export function toggleStanding(studio: Studio, standing: SectionKind): void {
  const isOn = studio.store.getState().filter.standing === standing;
  studio.store.setState({ detail: null });
  setFilter(studio, { standing: isOn ? null : standing });
}

export function setSort(studio: Studio, sort: SortBy): void {
  studio.store.setState({ sort });
}

export function isFiltered(filter: Filter): boolean {
  return filter.standing !== null || filter.label !== null || filter.text !== '' || filter.range !== null;
}

export function toggle(studio: Studio, key: 'isJobsOpen' | 'isNetworkOpen' | 'showsBoxes'): void {
  studio.store.setState((state) => ({ [key]: !state[key] }));
}

export function isInspectorShown(state: StudioState): boolean {
  return state.isNarrow ? state.isDrawerOpen : state.isInspectorOpen;
}

export function showInspector(studio: Studio, isShown: boolean): void {
  const { isNarrow } = studio.store.getState();
  studio.store.setState(isNarrow ? { isDrawerOpen: isShown } : { isInspectorOpen: isShown });
}

export function toggleInspector(studio: Studio): void {
  showInspector(studio, !isInspectorShown(studio.store.getState()));
}

export function applyTheme(studio: Studio, theme: Theme): void {
  studio.store.setState({ theme });
  studio.bridge.setTheme(theme).catch(() => undefined);
}

const themeOrder: readonly Theme[] = ['system', 'light', 'dark'];

export function nextTheme(theme: Theme): Theme {
  return themeOrder[(themeOrder.indexOf(theme) + 1) % themeOrder.length] ?? 'system';
}

type Step = (state: StudioState) => Partial<StudioState> | null;

/** What Esc closes, innermost first. */
const wayBack: readonly Step[] = [
  (state) => (state.overlay === null ? null : { overlay: null }),
  (state) => (state.isNetworkOpen ? { isNetworkOpen: false } : null),
  (state) => (state.labelling === null ? null : { labelling: null }),
  (state) => (state.isJobsOpen ? { isJobsOpen: false } : null),
  (state) => (state.isNarrow && state.isDrawerOpen ? { isDrawerOpen: false } : null),
  (state) => (state.detail === null ? null : { detail: null }),
  (state) => (isFiltered(state.filter) ? { filter: noFilter } : null),
  (state) => (state.selection.ids.size === 0 ? null : { selection: noSelection }),
];

/** Backs out one level; says whether there was one. */
export function back(studio: Studio): boolean {
  const state = studio.store.getState();
  for (const step of wayBack) {
    const change = step(state);
    if (change === null) continue;
    studio.store.setState(change);
    return true;
  }
  return false;
}
