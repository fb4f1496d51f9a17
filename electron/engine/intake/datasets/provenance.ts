/**
 * Whether a picture declares itself generated: IPTC's digital source type in XMP or C2PA (cv.iptc.org/newscodes/digitalsourcetype), or the
 * text chunks in which generators write their settings. Looked for in the metadata alone, never in the pixels.
 */
import { recipeKeyword } from '../../../contract/drawing';
import { isFrame, nextSegment } from '../jpeg/markers';
import { type PictureFormat, tagAt, viewOf } from '../formats/picture';

/** Terms of the vocabulary that say a model or a program made it, wholly or in part. */
const terms = ['trainedAlgorithmicMedia', 'compositeWithTrainedAlgorithmicMedia', 'algorithmicMedia'];
/** Keywords of PNG text chunks with settings: AUTOMATIC1111, ComfyUI, InvokeAI, Duet. */
const settings = ['parameters', 'prompt', 'workflow', 'invokeai_metadata', 'sd-metadata', 'duet', recipeKeyword];
/** Larger metadata is not searched further. */
const maxBytes = 8 * 1024 * 1024;

/** `bytes` is the whole file, already known to be of the format. */
export function declaresItselfGenerated(bytes: Uint8Array, format: PictureFormat): boolean {
  const blocks = format === 'jpeg' ? jpegBlocks(bytes) : format === 'png' ? pngBlocks(bytes) : format === 'webp' ? webpBlocks(bytes) : []; // prettier-ignore
  let searched = 0;
  for (const { body, isSettings } of blocks) {
    if (isSettings) return true;
    searched += body.length;
    if (searched > maxBytes) return false;
    const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    if (terms.some((term) => text.includes(term))) return true;
  }
  return false;
}

interface Block {
  readonly body: Uint8Array;
  /** Whether its very presence tells. */
  readonly isSettings: boolean;
}

/** APP1 (XMP) and APP11 (C2PA in JUMBF boxes). */
function* jpegBlocks(bytes: Uint8Array): Generator<Block> {
  for (let at = 2; ;) {
    const segment = nextSegment(bytes, at);
    if (segment === undefined || isFrame(segment.marker) || segment.marker === 0xda || segment.marker === 0xd9) return;
    const { marker, start, end } = segment;
    if (marker === 0xe1 || marker === 0xeb) yield { body: bytes.subarray(start, end), isSettings: false };
    at = end;
  }
}

/** iTXt and tEXt (XMP and settings), zTXt by its keyword, caBX (C2PA). */
function* pngBlocks(bytes: Uint8Array): Generator<Block> {
  const view = viewOf(bytes);
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    if (at + 12 + length > bytes.length) return;
    const type = tagAt(bytes, at + 4);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (type === 'caBX') yield { body, isSettings: false };
    if (type === 'tEXt' || type === 'iTXt' || type === 'zTXt') yield { body, isSettings: isSettings(body) };
    at += 12 + length;
  }
}

function isSettings(body: Uint8Array): boolean {
  const end = body.subarray(0, 80).indexOf(0);
  return end > 0 && settings.includes(Buffer.from(body.subarray(0, end)).toString('latin1').toLowerCase());
}

/** The XMP chunk, and C2PA's. */
function* webpBlocks(bytes: Uint8Array): Generator<Block> {
  const view = viewOf(bytes);
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = view.getUint32(at + 4, true);
    if (at + 8 + length > bytes.length) return;
    const type = tagAt(bytes, at);
    if (type === 'XMP ' || type === 'C2PA') yield { body: bytes.subarray(at + 8, at + 8 + length), isSettings: false };
    at += 8 + length + (length % 2);
  }
}
