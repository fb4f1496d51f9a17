/** What the kernel saw: over a whole session with its main job, no process of the application connects to anything but local sockets. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openPackaged } from '../fixtures/packaged';
import { holidayFolder, temporaryFolder } from '../fixtures/pictures';
import { dropFiles, expect, test } from '../fixtures/studio';
import { ClassifyPage } from '../pages/classify-page';

/** Writes every connection and every addressed datagram to `log`; the traced program stays the child of its starter. */
function traced(log: string): string[] {
  return ['strace', '-D', '-f', '-qq', '--seccomp-bpf', '-e', 'trace=connect,sendto,sendmmsg', '-o', log];
}

/** Lines in which a process reached for an internet address, whatever came of it; the rest are local sockets. */
function outbound(log: string): string[] {
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => /sa_family=AF_INET6?\b/.test(line));
}

function localConnections(log: string): number {
  return readFileSync(log, 'utf8').match(/connect\(.*sa_family=AF_UNIX/g)?.length ?? 0;
}

test('a session from the drop to the verdicts makes no outbound connection', async () => {
  test.setTimeout(180_000);
  const log = path.join(temporaryFolder('strace'), 'connect.log');
  const window = await openPackaged({ prefix: traced(log) });
  const { folder, good } = holidayFolder();
  try {
    const classify = new ClassifyPage(window.page);
    await window.page.getByText('14 pictures judged').first().waitFor({ timeout: 60_000 });
    await dropFiles(window.page, [folder]);
    await window.page.getByText(`${good} pictures judged`).first().waitFor({ timeout: 60_000 });
    await window.page.getByRole('button', { name: 'Compare with a second model' }).click();
    await expect(classify.tile(/porch\.jpg/)).toContainText('dog', { timeout: 60_000 });
    await expect(window.page.getByRole('button', { name: /^0 out/ })).toBeVisible();
    expect(window.problems).toEqual([]);
  } finally {
    await window.close();
  }
  expect(outbound(log)).toEqual([]);
  expect(localConnections(log), 'the display at least was connected to').toBeGreaterThan(0);
});

test('the same look finds a connection where there is one, in a child and refused as it may be', () => {
  const log = path.join(temporaryFolder('strace'), 'connect.log');
  const reach = `require('net').connect(9, '127.0.0.1').on('error', () => undefined)`;
  const child = `require('child_process').execFileSync(process.execPath, ['-e', process.argv[1]])`;
  const [strace, ...words] = traced(log).filter((word) => word !== '-D');
  execFileSync(strace!, [...words, process.execPath, '-e', child, reach], { timeout: 30_000 });
  expect(outbound(log).join()).toContain('127.0.0.1');
});
