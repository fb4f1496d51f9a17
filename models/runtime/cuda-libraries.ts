/** Which of CUDA's libraries this machine lacks. ONNX Runtime itself tells only that "a shared library" could not be loaded. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Parts of ONNX Runtime that its package leaves out for their size; they lie beside its binding. */
const ofRuntime = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'];
/** What those link to: the driver, CUDA 12, cuDNN 9. */
const ofSystem = ['libcuda.so.1', 'libcudart.so.12', 'libcublas.so.12', 'libcublasLt.so.12', 'libcufft.so.11', 'libcudnn.so.9']; // prettier-ignore

/** Where to look; a test gives folders of its own. */
export interface CudaPlaces {
  /** Folder of onnxruntime-node's binding. */
  readonly binding: string;
  /** Folders that the loader searches before its cache. */
  readonly folders: readonly string[];
  /** The loader's cache of known libraries, as text. */
  readonly cache: string;
}

/** What is missing for CUDA and what to do about it, as sentences; '' when all is there. */
export function missingForCuda({ binding, folders, cache }: CudaPlaces = placesHere()): string {
  const lacksRuntime = ofRuntime.filter((name) => !existsSync(join(binding, name)));
  const lacksSystem = ofSystem.filter(
    (name) => !cache.includes(`/${name}\0`) && !folders.some((folder) => existsSync(join(folder, name))),
  );
  const sentences = [
    lacksRuntime.length > 0 &&
      `ONNX Runtime's part for CUDA is not installed (${lacksRuntime.join(', ')}). \`npm run setup:cuda\` fetches it.`,
    lacksSystem.includes('libcuda.so.1') && "There is no NVIDIA driver (libcuda.so.1). Install the system's driver package.", // prettier-ignore
    lacksSystem.some((name) => name !== 'libcuda.so.1') &&
      `Libraries of CUDA 12 or cuDNN 9 are missing (${lacksSystem.filter((name) => name !== 'libcuda.so.1').join(', ')}). ` +
        'Install both, or add their folder to LD_LIBRARY_PATH.',
  ];
  return sentences.filter((sentence) => sentence !== false).join(' ');
}

function placesHere(): CudaPlaces {
  const [binding = ''] = /\/\S.*\/onnxruntime_binding\.node/.exec(read('/proc/self/maps')) ?? [];
  const ofUser = (process.env['LD_LIBRARY_PATH'] ?? '').split(':').filter((folder) => folder !== '');
  return {
    binding: dirname(binding),
    folders: [...ofUser, '/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/local/cuda/lib64', '/usr/lib'],
    cache: read('/etc/ld.so.cache'),
  };
}

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, 'latin1') : '';
}
