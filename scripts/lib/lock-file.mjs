/** What package-lock.json says: whether an installation fits it, and whether it is complete for every system. */

/** True when what npm noted in node_modules is what the lock file asks for (what is optional may be absent). */
export function packagesMatch(lock, installed) {
  if (lock === undefined || installed === undefined) return false;
  return Object.entries(lock.packages).every(
    ([place, entry]) => place === '' || entry.optional || installed.packages[place]?.version === entry.version,
  );
}

/** npm looks for a dependency in the package's own node_modules, then in those of the folders above it. */
function isLocked(packages, name, place) {
  const parts = place.split('/node_modules/');
  const homes = parts.map((_, i) => `${parts.slice(0, i + 1).join('/node_modules/')}/`);
  return ['', ...homes].some((home) => `${home}node_modules/${name}` in packages);
}

/**
 * The optional packages that are asked for but not locked, as sentences. A registry may have served a package's
 * per-platform parts late: the lock file is then silently short, and users of other systems get no binary.
 */
export function missingFromLock({ packages }) {
  return Object.entries(packages).flatMap(([place, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !isLocked(packages, name, place))
      .map((name) => `${name}, asked for by ${place || 'package.json'}`),
  );
}
