/** A quick fingerprint of source folders (names, sizes, times), to tell whether something built from them is stale. */
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

function filesUnder(place) {
  const stat = statSync(place, { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return [{ place, stat }];
  return readdirSync(place).flatMap((name) => filesUnder(path.join(place, name)));
}

/** One line that changes when any file under `places` (relative to the root) is added, removed or written. */
export function fingerprint(places, { except = /\.test\.tsx?$/ } = {}) {
  const hash = createHash('sha256');
  for (const { place, stat } of places.flatMap((name) => filesUnder(path.join(root, name)))) {
    if (!except.test(place)) hash.update(`${path.relative(root, place)} ${stat.size} ${stat.mtimeMs}\n`);
  }
  return hash.digest('hex');
}
