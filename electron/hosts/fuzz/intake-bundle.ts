/** Bundles the intake process for tests, so that they can meet it as it ships: in a process of its own. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** Writes `intake.cjs` into `folder`, which must lie in the checkout: native packages are found from there. */
export function bundleIntake(root: string, folder: string): void {
  const words = [
    path.join(root, 'node_modules', 'esbuild', 'bin', 'esbuild'),
    path.join(root, 'electron', 'hosts', 'entries', 'intake.ts'),
    '--bundle',
    '--platform=node',
    '--format=cjs',
    '--target=node18',
    '--supported:dynamic-import=false',
    '--external:@napi-rs/canvas',
    '--external:onnxruntime-node',
    '--external:libsql',
    `--outfile=${path.join(folder, 'intake.cjs')}`,
    '--log-level=warning',
  ];
  execFileSync(process.execPath, words, { cwd: root });
}
