/** Class names that training tools leave in a model's metadata. */
import { getMetadata } from './metadata';
import type { ModelProto } from './proto/onnx_pb';

const keys = ['names', 'labels', 'classes', 'class_names', 'id2label', 'classNames', 'label_names'];

/** Class names by index, or [] when the file tells none. Reads JSON lists and index maps, Python maps, and lists one a line. */
export function labelsInMetadata(model: ModelProto): string[] {
  for (const key of keys) {
    const text = getMetadata(model, key);
    const found = text === undefined ? [] : parseLabels(text);
    if (found.length > 1) return found;
  }
  return [];
}

/** Class names from a text in any of the usual forms; [] when it holds none. */
export function parseLabels(text: string): string[] {
  const value = parseJson(text);
  if (Array.isArray(value)) return value.every(isText) ? value : [];
  if (typeof value === 'object' && value !== null) return byIndex(Object.entries(value));
  if (text.trimStart().startsWith('{')) return byIndex(pythonPairs(text));
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** {0: 'cat', 1: "dog's"} as Python prints it. */
function pythonPairs(text: string): [string, string][] {
  const pair = /(\d+)\s*:\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g;
  return Array.from(text.matchAll(pair), ([, index = '', single, double]): [string, string] => [
    index,
    (single ?? double ?? '').replace(/\\(.)/g, '$1'),
  ]);
}

/** Entries under 0, 1, 2, ... without a gap (either way round: index to name, or name to index). */
function byIndex(entries: readonly (readonly [string, unknown])[]): string[] {
  const labels: string[] = [];
  for (const [key, value] of entries) {
    if (isText(value) && /^\d{1,6}$/.test(key)) labels[Number(key)] = value;
    else if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 1e6) labels[value] = key;
    else return [];
  }
  return labels.length === entries.length && !labels.includes('') ? labels : [];
}
