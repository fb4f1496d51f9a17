/** Which pictures are selected: click, Ctrl adds, Shift extends; pure. */

export interface Selection {
  ids: ReadonlySet<string>;
  /** The picture the keyboard stands on. */
  active: string | null;
  /** Where a Shift selection begins. */
  anchor: string | null;
}

export const noSelection: Selection = { ids: new Set(), active: null, anchor: null };

export interface Modifiers {
  isAdding: boolean;
  isExtending: boolean;
}

export function selectOne(id: string): Selection {
  return { ids: new Set([id]), active: id, anchor: id };
}

export function selectAll(order: readonly string[], current: Selection): Selection {
  const active = current.active ?? order[0] ?? null;
  return { ids: new Set(order), active, anchor: current.anchor ?? active };
}

export function select(current: Selection, order: readonly string[], id: string, modifiers: Modifiers): Selection {
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
