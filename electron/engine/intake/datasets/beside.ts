/** Files that a table names: only ordinary ones inside the table's own folder, reached without a link. */
import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../../contract/errors';
import { pictureNames } from './files';
import type { SourceHead } from './reader';

/** Where a table lies, and the names of files that came with it when those are not their names on the disk (archives). */
export interface TablePlace {
  readonly path: string;
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
}

/** For a table among sources. */
export function placeOf(table: SourceHead, sources: readonly SourceHead[]): TablePlace {
  return { path: table.path, name: table.name, files: new Map(sources.map(({ name, path }) => [name, path])) };
}

/** The path of a file that a table names. Fails with `data/bad-entry`, `file/missing` or `file/not-regular`. */
export async function resolveBeside({ path: table, name, files }: TablePlace, named: string): Promise<string> {
  const parts = partsOf(named);
  const known = files.get([...name.split('/').slice(0, -1), ...parts].join('/'));
  if (known !== undefined) return known;
  let path = dirname(table);
  for (const [i, part] of parts.entries()) {
    path = join(path, part);
    const stat = await lstat(path).catch(() => undefined);
    if (stat === undefined) throw new AppError('file/missing', `"${shown(named)}" is not beside the table.`, { named });
    if (stat.isSymbolicLink()) throw refused(named, 'leads over a link; links are not followed');
    const isLast = i === parts.length - 1;
    if (isLast ? !stat.isFile() : !stat.isDirectory()) throw refused(named, 'is not an ordinary file');
  }
  return path;
}

function refused(named: string, reason: string): AppError {
  return new AppError('file/not-regular', `"${shown(named)}" ${reason}.`, { named: shown(named) });
}

/** For a table: whether a value names a picture file that is there. */
export function namesPicture(place: TablePlace): (value: string) => Promise<boolean> {
  return (value) =>
    pictureNames.test(value.trim())
      ? resolveBeside(place, value).then(
          () => true,
          () => false,
        )
      : Promise.resolve(false);
}

const shown = (named: string): string => named.slice(0, 200);

/** The folders and the file of a relative name; both kinds of slashes. */
function partsOf(named: string): string[] {
  const parts = named.trim().split(/[/\\]/);
  const isAbsolute = parts[0] === '' || /^[a-z]:/i.test(named.trim());
  const kept = parts.filter((part) => part !== '.' && part !== '');
  // A colon opens other streams of a file on Windows, and a zero byte ends a path.
  const isOdd = kept.some(
    (part) => part === '..' || part.includes('\0') || (process.platform === 'win32' && part.includes(':')),
  );
  if (isAbsolute || isOdd || kept.length === 0 || kept.length > 64) {
    throw new AppError('data/bad-entry', `"${shown(named)}" names no file inside the table's folder.`, {
      named: shown(named),
    });
  }
  return kept;
}
