/** How a person looks at things: screens, panels, filters, theme; nothing here asks the engine. */
import type { Theme } from '../../electron/contract/bridge';
import type { DataState } from './data-state';
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

/** What Esc closes on the Data screen, innermost first. An open import is not lost by a key. */
function dataBack(data: DataState): Partial<StudioState> | null {
  const change = dataSteps(data);
  return change === null ? null : { data: { ...data, ...change } };
}

function dataSteps(data: DataState): Partial<DataState> | null {
  if (data.isPicking) return { isPicking: false };
  if (data.isGalleryOpen) return { isGalleryOpen: false };
  if (data.isListOpen) return { isListOpen: false };
  if (data.opened !== null) return { opened: null };
  if (data.labelling !== null) return { labelling: null };
  return data.selection.ids.size > 0 ? { selection: noSelection } : null;
}

/** What Esc closes, innermost first. */
const wayBack: readonly Step[] = [
  (state) => (state.overlay === null ? null : { overlay: null }),
  (state) => (state.isNetworkOpen ? { isNetworkOpen: false } : null),
  ({ workspace }) => (workspace.isMenuOpen ? { workspace: { ...workspace, isMenuOpen: false } } : null),
  (state) => (state.labelling === null ? null : { labelling: null }),
  (state) => (state.isJobsOpen ? { isJobsOpen: false } : null),
  (state) => (state.screen === 'data' ? dataBack(state.data) : null),
  (state) => (state.isNarrow && state.isDrawerOpen ? { isDrawerOpen: false } : null),
  (state) => (state.screen === 'data' || state.detail === null ? null : { detail: null }),
  (state) => (state.screen !== 'data' && isFiltered(state.filter) ? { filter: noFilter } : null),
  (state) => (state.screen === 'data' || state.selection.ids.size === 0 ? null : { selection: noSelection }),
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
