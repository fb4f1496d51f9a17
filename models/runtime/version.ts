/** The version of the native runtime in use. */
import './no-telemetry';
import { env } from 'onnxruntime-node';

/** Version of ONNX Runtime as its Node binding reports it, or `unknown`. */
export function runtimeVersion(): string {
  return env.versions.node ?? env.versions.common;
}
