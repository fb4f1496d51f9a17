/** Settings of a recipe by path (`augmentation.shift`) and as the nested object that a family's schema takes. */
import type { SettingValue } from '../../contract/model-card';

export function flattened(config: object, prefix = ''): Record<string, SettingValue> {
  const flat: Record<string, SettingValue> = {};
  for (const [name, value] of Object.entries<unknown>({ ...config })) {
    const path = `${prefix}${name}`;
    if (isSettingValue(value)) flat[path] = value;
    else if (typeof value === 'object' && value !== null) Object.assign(flat, flattened(value, `${path}.`));
  }
  return flat;
}

export function nested(flat: Readonly<Record<string, SettingValue>>): Record<string, unknown> {
  const all: Record<string, unknown> = {};
  const groups = new Map<string, Record<string, SettingValue>>();
  for (const [path, value] of Object.entries(flat)) {
    const dot = path.indexOf('.');
    if (dot < 0) all[path] = value;
    else {
      const name = path.slice(0, dot);
      groups.set(name, { ...groups.get(name), [path.slice(dot + 1)]: value });
    }
  }
  for (const [name, group] of groups) all[name] = nested(group);
  return all;
}

function isSettingValue(value: unknown): value is SettingValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
