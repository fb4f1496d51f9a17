/** Writes a flat folder as an asar archive, at a time when the package that does it may not be installed yet. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The archive's bytes: a Chromium pickle (two nested sizes, then a length-prefixed JSON index padded to 4 bytes),
 * then the files one after another. Format: https://github.com/electron/asar#format
 */
export function flatAsar(folder) {
  const names = readdirSync(folder).sort();
  const contents = names.map((name) => readFileSync(path.join(folder, name)));
  const files = {};
  let offset = 0;
  for (const [i, name] of names.entries()) {
    files[name] = { size: contents[i].length, offset: String(offset) };
    offset += contents[i].length;
  }
  const index = Buffer.from(JSON.stringify({ files }));
  const padding = Buffer.alloc(-index.length & 3);
  const payload = index.length + padding.length;
  const header = Buffer.alloc(16);
  for (const [i, value] of [4, payload + 8, payload + 4, index.length].entries()) header.writeUInt32LE(value, i * 4);
  return Buffer.concat([header, index, padding, ...contents]);
}
