// Regenerates models/graph/proto/onnx_pb.ts from onnx.proto (onnx 1.23.2, Apache-2.0) with protoc and protoc-gen-es.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'models/graph/proto');
const plugin = join(root, 'node_modules/.bin', process.platform === 'win32' ? 'protoc-gen-es.cmd' : 'protoc-gen-es');

if (!existsSync(plugin)) {
  console.error('The plugin protoc-gen-es is missing: run npm ci first.');
  process.exit(1);
}
try {
  execFileSync('protoc', ['--version'], { stdio: 'pipe' });
} catch {
  console.error('The compiler protoc is missing. On Debian: apt-get install protobuf-compiler');
  process.exit(1);
}
execFileSync(
  'protoc',
  [`--plugin=protoc-gen-es=${plugin}`, `-I${folder}`, `--es_out=${folder}`, '--es_opt=target=ts', 'onnx.proto'],
  { stdio: 'inherit' },
);
console.log('Wrote models/graph/proto/onnx_pb.ts');
