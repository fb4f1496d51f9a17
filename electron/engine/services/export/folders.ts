/** Copies pictures into one folder for each label: safe names, nothing outside the target, nothing replaced. */
import filenamify from 'filenamify';
import { constants, copyFile, mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { AppError, type Failure, throwIfCancelled, toFailure } from '../../../contract/errors';
import { writeError } from '../../storage/durable-write';

interface CopyItem {
  path: string;
  /** Shown name; only its last part is used. */
  name: string;
  label: string;
}

interface CopyRequest {
  target: string;
  items: readonly CopyItem[];
  signal: AbortSignal;
  progress: (fraction: number) => void;
}

interface CopyResult {
  copied: number;
  failed: { name: string; failure: Failure }[];
}

const maxNameBytes = 200;
const maxTries = 10_000;

/** Each picture that cannot be copied is listed; a full or read-only target stops the whole, since no other would fare better. */
export async function copyToFolders({ target, items, signal, progress }: CopyRequest): Promise<CopyResult> {
  await mkdir(target, { recursive: true }).catch((error: unknown) => {
    throw writeError(error, target);
  });
  const root = await realpath(target);
  await assertSourcesOutside(root, items);
  const failed: CopyResult['failed'] = [];
  let copied = 0;
  for (const [index, item] of items.entries()) {
    throwIfCancelled(signal);
    try {
      await copyOne(root, item);
      copied += 1;
    } catch (error) {
      const failure = toFailure(writeError(error, item.name));
      if (failure.code === 'file/disk-full' || failure.code === 'file/read-only') {
        throw new AppError(failure.code, `${failure.message} ${copied} pictures were copied before that.`, { copied });
      }
      failed.push({ name: item.name, failure });
    }
    progress((index + 1) / items.length);
  }
  return { copied, failed };
}

/** Copies among their own originals would be taken for pictures the next time that folder is dropped. */
async function assertSourcesOutside(root: string, items: readonly CopyItem[]): Promise<void> {
  const folders = new Set(items.map((item) => path.dirname(item.path)));
  for (const folder of folders) {
    // A folder that is gone is reported with each of its pictures.
    const real = await realpath(folder).catch(() => undefined);
    if (real === undefined || !isInside(root, real)) continue;
    const message = `Some of the pictures lie in ${path.basename(root)} themselves. Choose another folder for the copies.`;
    throw new AppError('usage/bad-argument', message, { folder: real });
  }
}

async function copyOne(root: string, item: CopyItem): Promise<void> {
  const folder = path.join(root, safeName(item.label));
  assertInside(root, folder);
  await mkdir(folder, { recursive: true });
  const real = await realpath(folder);
  // A link that was there before must not lead the copy elsewhere.
  assertInside(root, real);
  const name = safeName(item.name.split('/').at(-1) ?? 'picture');
  const { name: stem, ext } = path.parse(name);
  for (let number = 1; number <= maxTries; number++) {
    const file = path.join(real, number === 1 ? name : `${stem} (${number})${ext}`);
    try {
      await copyFile(item.path, file, constants.COPYFILE_EXCL);
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
  throw new AppError('file/exists', `${item.name} was not copied: too many files have its name.`);
}

/** A leaf name that every file system takes: no separators, reserved names, trailing dots; at most 200 bytes. */
export function safeName(text: string): string {
  const cleaned = filenamify(text, { replacement: '_', maxLength: 200 }).replace(/[. ]+$/, '');
  const cut = cutBytes(cleaned === '' || /^\.+$/.test(cleaned) ? '_' : cleaned, maxNameBytes);
  return cut.startsWith('.') ? `_${cut}` : cut;
}

/** Cuts at a character, keeping the extension. */
function cutBytes(name: string, limit: number): string {
  const { name: stem, ext } = path.parse(name);
  let kept = '';
  const room = limit - Buffer.byteLength(ext);
  for (const character of stem) {
    if (Buffer.byteLength(kept) + Buffer.byteLength(character) > room) break;
    kept += character;
  }
  return kept + ext;
}

/** Whether `folder` is `root` or below it; compared as paths, since `root-evil` begins with `root` too. */
function isInside(root: string, folder: string): boolean {
  const relative = path.relative(root, folder);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

function assertInside(root: string, folder: string): void {
  if (folder !== root && isInside(root, folder)) return;
  throw new AppError('file/bad-name', 'A label would lead out of the chosen folder, so its picture was not copied.');
}
