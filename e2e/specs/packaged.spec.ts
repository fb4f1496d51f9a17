/** The application as people get it: what is inside, which doors are shut, that it starts and judges; also from the deb, sandboxed, and without any network. */
import { FuseV1Options, getCurrentFuseWire, FuseState } from '@electron/fuses';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openPackaged, type PackagedOptions, processTree, temporaryProfile, unpacked } from '../fixtures/packaged';
import { temporaryFolder } from '../fixtures/pictures';
import { expect, root, test } from '../fixtures/studio';

const resources = path.join(unpacked, 'resources');
const executable = path.join(unpacked, 'duet');

async function judgesItsSamples(
  options: PackagedOptions = {},
  check: (pid: number) => void = () => undefined,
): Promise<void> {
  const window = await openPackaged(options);
  try {
    await window.page.getByText('14 pictures judged').first().waitFor();
    await expect(window.page.getByRole('gridcell', { name: /espresso/ })).toBeVisible();
    await expect(window.page.getByRole('button', { name: /^0 out/ })).toBeVisible();
    check(window.pid);
    expect(window.problems).toEqual([]);
  } finally {
    await window.close();
  }
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

function statusOf(pid: number, field: string): string | undefined {
  return new RegExp(`^${field}:\\s+(\\S+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
}

test('the packaged application starts and judges the samples', async () => {
  await judgesItsSamples();
});

test('it holds the models outside the archive and only this platform of the runtime', () => {
  expect(readdirSync(path.join(resources, 'assets', 'models'))).toEqual(
    expect.arrayContaining(['everyday-1000.onnx', 'photo-objects.onnx', 'digits-judge.onnx', 'digits-gan.onnx']),
  );
  const files = readdirSync(resources, { recursive: true }).map(String);
  const runtimes = files.filter((file) => /onnxruntime.*\.(so[.\d]*|dll|dylib|node)$/.test(file));
  expect(runtimes.length).toBeGreaterThan(0);
  for (const file of runtimes) expect(file).toContain(path.join('linux', process.arch));
  expect(files.filter((file) => file.endsWith('.map'))).toEqual([]);
});

test('the fuses are set', async () => {
  const wire = await getCurrentFuseWire(executable);
  expect(wire[FuseV1Options.RunAsNode]).toBe(FuseState.DISABLE);
  expect(wire[FuseV1Options.EnableNodeOptionsEnvironmentVariable]).toBe(FuseState.DISABLE);
  expect(wire[FuseV1Options.EnableNodeCliInspectArguments]).toBe(FuseState.DISABLE);
  expect(wire[FuseV1Options.OnlyLoadAppFromAsar]).toBe(FuseState.ENABLE);
  expect(wire[FuseV1Options.EnableEmbeddedAsarIntegrityValidation]).toBe(FuseState.ENABLE);
  expect(wire[FuseV1Options.EnableCookieEncryption]).toBe(FuseState.ENABLE);
});

test('it does not run as Node, and loads nothing that the environment names', async () => {
  const asNode = spawnSync(executable, ['-e', 'console.log("ran as " + "node")'], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ELECTRON_RUN_AS_NODE: '1', DISPLAY: ':none' },
    timeout: 20_000,
    killSignal: 'SIGKILL',
  });
  expect(asNode.stdout).not.toContain('ran as node');
  const marker = path.join(temporaryFolder('marker'), 'was-loaded');
  const required = path.join(path.dirname(marker), 'evil.cjs');
  execFileSync('sh', ['-c', `echo "require('fs').writeFileSync('${marker}', '')" > '${required}'`]);
  await judgesItsSamples({ env: { NODE_OPTIONS: `--require ${required}` } });
  expect(existsSync(marker)).toBe(false);
});

test('the deb unpacks to an application that starts, with its menu entry and file types', async () => {
  const deb = readdirSync(path.join(root, 'release')).find((name) => name.endsWith('.deb'));
  expect(deb).toBeDefined();
  const folder = temporaryFolder('deb');
  execFileSync('dpkg-deb', ['-x', path.join(root, 'release', deb!), folder]);
  const files = readdirSync(folder, { recursive: true }).map(String);
  const entry = files.find((file) => file.endsWith('.desktop'));
  expect(readFileSync(path.join(folder, entry!), 'utf8')).toMatch(/MimeType=.*image\/jpeg/);
  const program = files.find((file) => /opt\/[^/]+\/duet$/.test(file));
  await judgesItsSamples({ executable: path.join(folder, program!) });
});

test('without any network the main job is done', () => {
  // A network namespace of its own, without a single route; the debugging pipe of this test needs its loopback alone.
  const inside = 'ip link set lo up 2>/dev/null; test -z "$(ip route)" && echo isolated';
  expect(execFileSync('unshare', ['--net', 'sh', '-c', inside], { encoding: 'utf8' })).toContain('isolated');
  const shots = temporaryFolder('offline');
  const script = path.join(import.meta.dirname, '..', 'fixtures', 'judge-offline.mjs');
  const output = execFileSync(
    'unshare',
    ['--net', 'sh', '-c', 'ip link set lo up; exec "$@"', 'sh', process.execPath, script, executable, shots],
    {
      encoding: 'utf8',
      env: { ...process.env, ELECTRON_DISABLE_SANDBOX: '1' },
      timeout: 50_000,
    },
  );
  expect(output).toContain('14 pictures judged');
  expect(existsSync(path.join(shots, 'offline.png'))).toBe(true);
});

test('as an ordinary user it runs in its sandbox', async () => {
  const home = temporaryProfile();
  const copy = path.join(home, 'app');
  mkdirSync(copy);
  cpSync(unpacked, copy, { recursive: true, dereference: true });
  execFileSync('chown', ['-R', '65534:65534', home]);
  chmodSync(home, 0o755);
  const prefix = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
  await judgesItsSamples({ executable: path.join(copy, 'duet'), prefix, folder: home }, (pid) => {
    const tree = processTree(pid, parentOf);
    const commands = tree.map((one) => ({
      pid: one,
      line: readFileSync(`/proc/${one}/cmdline`, 'utf8').replaceAll('\0', ' '),
    }));
    expect(commands.filter(({ line }) => line.includes('--no-sandbox'))).toEqual([]);
    const renderers = commands.filter(({ line }) => line.includes('--type=renderer'));
    expect(renderers.length).toBeGreaterThan(0);
    for (const renderer of renderers) expect(statusOf(renderer.pid, 'Seccomp')).toBe('2');
  });
});
