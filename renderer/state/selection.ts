/** Which things are selected: click, Ctrl adds, Shift extends; pure, the same for pictures by id and samples by index. */

export interface Selection<Id = string> {
  ids: ReadonlySet<Id>;
  /** The one the keyboard stands on. */
  active: Id | null;
  /** Where a Shift selection begins. */
  anchor: Id | null;
}

/** The ids in the order of the screen: an array, or a typed one. */
export interface Order<Id> {
  readonly [place: number]: Id;
  readonly length: number;
  indexOf(id: Id): number;
  slice(from: number, to?: number): Iterable<Id>;
}

export const noSelection: Selection<never> = { ids: new Set<never>(), active: null, anchor: null };

export interface Modifiers {
  isAdding: boolean;
  isExtending: boolean;
}

export function selectOne<Id>(id: Id): Selection<Id> {
  return { ids: new Set([id]), active: id, anchor: id };
}

export function selectAll<Id extends string | number>(order: Order<Id>, current: Selection<Id>): Selection<Id> {
  const active = current.active ?? order[0] ?? null;
  return { ids: new Set(order.slice(0)), active, anchor: current.anchor ?? active };
}

export function select<Id extends string | number>(
  current: Selection<Id>,
  order: Order<Id>,
  id: Id,
  modifiers: Modifiers,
): Selection<Id> {
  if (modifiers.isExtending && current.anchor !== null) {
    const from = order.indexOf(current.anchor);
    const to = order.indexOf(id);
    if (from >= 0 && to >= 0) {
      const between = order.slice(Math.min(from, to), Math.max(from, to) + 1);
      const ids = modifiers.isAdding ? new Set([...current.ids, ...between]) : new Set(between);
      return { ids, active: id, anchor: current.anchor };
    }
  }
  if (!modifiers.isAdding) return selectOne(id);
  const ids = new Set(current.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, active: id, anchor: id };
}

/** After pictures left, the keyboard stands on what took the place of the first of them. */
export function withoutRemoved(current: Selection, order: readonly string[], removed: ReadonlySet<string>): Selection {
  const ids = new Set([...current.ids].filter((id) => !removed.has(id)));
  if (current.active === null || !removed.has(current.active)) return { ...current, ids };
  const at = order.indexOf(current.active);
  const next =
    order.slice(at).find((id) => !removed.has(id)) ??
    order
      .slice(0, Math.max(0, at))
      .reverse()
      .find((id) => !removed.has(id));
  return next === undefined ? noSelection : selectOne(next);
}
