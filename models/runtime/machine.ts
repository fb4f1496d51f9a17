/** What a timing depends on: processor, threads, runtime. */
import { cpus } from 'node:os';
import { runtimeVersion } from './version';

/** One line that tells machines apart: `ONNX Runtime 1.30.0, AMD EPYC, 2 threads, blocks of 16`. */
export function describeMachine(threads: number | undefined, block: number): string {
  const [processor] = cpus();
  const count = threads ?? cpus().length;
  return `ONNX Runtime ${runtimeVersion()}, ${processor?.model.trim() ?? 'unknown processor'}, ${count} threads, blocks of ${block}`;
}
