/** Names the things that people drop in place of an .onnx file, by their first bytes. */

interface Known {
  readonly at: number;
  readonly bytes: readonly number[];
  readonly what: string;
}

const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));

const known: readonly Known[] = [
  {
    at: 0,
    bytes: [0x50, 0x4b, 0x03, 0x04],
    what: 'a zip archive (PyTorch and Keras save such files); export the model to ONNX',
  },
  { at: 0, bytes: [0x50, 0x4b, 0x05, 0x06], what: 'an empty zip archive' },
  { at: 4, bytes: ascii('ORTM'), what: 'a model in the .ort format; use the .onnx file that it was made from' },
  { at: 4, bytes: ascii('TFL3'), what: 'a TensorFlow Lite model; convert it to ONNX' },
  { at: 0, bytes: [0x89, ...ascii('HDF')], what: 'an HDF5 file (Keras saves such files); export the model to ONNX' },
  { at: 0, bytes: ascii('GGUF'), what: 'a GGUF language model, which is no image classifier' },
  {
    at: 0,
    bytes: ascii('version https://git-lfs'),
    what: 'a Git LFS pointer; fetch the file itself with git lfs pull',
  },
  { at: 0, bytes: [0x1f, 0x8b], what: 'a gzip archive; unpack it first' },
  { at: 0, bytes: [0xff, 0xd8, 0xff], what: 'a JPEG picture' },
  { at: 0, bytes: [0x89, ...ascii('PNG')], what: 'a PNG picture' },
  { at: 0, bytes: ascii('GIF8'), what: 'a GIF picture' },
  { at: 0, bytes: ascii('%PDF'), what: 'a PDF document' },
  { at: 0, bytes: [0x7f, ...ascii('ELF')], what: 'a program' },
  { at: 0, bytes: ascii('MZ'), what: 'a program' },
  { at: 0, bytes: ascii('<'), what: 'a web page or another markup file (a failed download, perhaps)' },
];

/** What the bytes look like instead of a model, as "It looks like ..." continues; undefined when they may be a model. */
export function looksLike(bytes: Uint8Array): string | undefined {
  if (bytes.byteLength === 0) return 'an empty file';
  const found = known.find(({ at, bytes: wanted }) => wanted.every((byte, index) => bytes[at + index] === byte));
  if (found) return found.what;
  if (isPickle(bytes)) return 'a Python pickle, which can run code when opened; export the model to ONNX';
  if (bytes[8] === 0x7b && isSafetensors(bytes))
    return 'a safetensors file: weights without a graph; export the model to ONNX';
  if (bytes.every((byte) => byte === 0)) return 'a file of zeros';
  return isPlainText(bytes) ? 'a text file' : undefined;
}

/** 0x80, then the protocol version, then an opcode that starts a frame or a collection. */
function isPickle(bytes: Uint8Array): boolean {
  const version = bytes[1] ?? 0;
  return bytes[0] === 0x80 && version >= 2 && version <= 5;
}

/** Length of a JSON header as eight bytes, then the header. */
function isSafetensors(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes.byteLength >= 9 && view.getBigUint64(0, true) <= BigInt(bytes.byteLength);
}

function isPlainText(bytes: Uint8Array): boolean {
  return bytes
    .subarray(0, 4096)
    .every((byte) => (byte >= 0x20 && byte !== 0x7f) || byte === 9 || byte === 10 || byte === 13);
}
