/** The licence texts of the packages that end up inside our bundles: their licences ask that the text goes along. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inRoot, root } from './paths.mjs';

/** The package folders (relative to the root) that the given bundled files come from. */
export function packagesOf(files) {
  const folders = new Set();
  for (const file of files) {
    const place = path
      .relative(root, path.resolve(root, file.split('?')[0]))
      .split(path.sep)
      .join('/');
    const match = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(place);
    if (match) folders.add(match[0]);
  }
  return [...folders];
}

function textOf(folder) {
  const names = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)(\.|-|$)/i.test(name));
  return names.map((name) => readFileSync(path.join(folder, name), 'utf8').trim()).join('\n\n');
}

/**
 * One text with name, version, licence and licence text of every package in `folders`, in order of name.
 * @returns {string}
 */
export function licenceText(folders) {
  const parts = folders.map((relative) => {
    const folder = inRoot(...relative.split('/'));
    const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const body = textOf(folder) || 'The package carries no licence text of its own.';
    return { name, text: `${name} ${version}\nLicence: ${license ?? 'not named'}\n\n${body}\n` };
  });
  const line = `\n${'-'.repeat(72)}\n\n`;
  return parts
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((part) => part.text)
    .join(line);
}

/** The packages that are shipped as they are, in node_modules, with everything below them. */
export function shippedPackages() {
  const { packages } = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
  const places = Object.entries(packages).filter(([place, entry]) => place !== '' && !entry.dev);
  return places.map(([place]) => place).filter((place) => existsSync(inRoot(...place.split('/'))));
}
