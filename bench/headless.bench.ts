/** The command line on 300 and on 1,000 photos: what it keeps of a run, in memory and on disk, must not grow with the run. */
import { spawn } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startMemoryWatch } from './memory';
import { photoFolder } from './photos';

const base = mkdtempSync(path.join(os.tmpdir(), 'duet-bench-'));
const files = readdirSync(photoFolder)
  .filter((name) => name.endsWith('.jpg'))
  .sort()
  .map((name) => path.join(photoFolder, name));

/** Files below a folder and their bytes; what goes away meanwhile counts nothing. */
function contentOf(folder: string): { files: number; bytes: number } {
  const content = { files: 0, bytes: 0 };
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile()) continue;
      content.bytes += lstatSync(path.join(entry.parentPath, entry.name)).size;
      content.files += 1;
    }
  } catch {
    // The run has ended and its folder is gone.
  }
  return content;
}

async function classify(count: number, extra: readonly string[]): Promise<string> {
  const temporary = mkdtempSync(path.join(base, 'temporary-'));
  const words = ['classify', ...files.slice(0, count), '--json', '--workspace', path.join(base, 'workspace'), ...extra];
  const child = spawn(process.execPath, [path.resolve('dist', 'duet.cjs'), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: temporary },
  });
  const memory = startMemoryWatch(child.pid);
  const most = { files: 0, bytes: 0 };
  child.stdout.on('data', () => {
    const content = contentOf(temporary);
    most.files = Math.max(most.files, content.files);
    most.bytes = Math.max(most.bytes, content.bytes);
  });
  await new Promise((resolve) => child.once('close', resolve));
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  return `${memory.stop().toFixed(0)} MB of memory, ${most.files} temporary files of ${megabytes(most.bytes)} MB`;
}

try {
  for (const count of [300, 1000]) {
    console.log(`${count} photos: ${await classify(count, [])}`);
    const table = ['--csv', path.join(base, `${count}.csv`), '--parquet', path.join(base, `${count}.parquet`)];
    console.log(`${count} photos with tables: ${await classify(count, table)}`);
    const report = ['--report', path.join(base, `${count}.html`)];
    console.log(`${count} photos with a report, which needs thumbnails: ${await classify(count, report)}`);
  }
} finally {
  rmSync(base, { recursive: true, force: true });
}
