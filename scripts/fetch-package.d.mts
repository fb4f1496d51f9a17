/** Types of fetch-package.mjs for scripts and tests. */
export function fetchPackage(specifier: string, integrity: string, files: readonly string[]): string;
