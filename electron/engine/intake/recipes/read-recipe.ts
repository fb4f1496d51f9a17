/** The recipe in a PNG that Duet drew. The bytes are foreign: a file may claim anything. */
import { maxRecipeBytes, recipeKeyword, type SampleRecipe, sampleRecipeSchema } from '../../../contract/drawing';
import type { ReplyInput } from '../../../contract/rpc';
import type { IntakeContract } from '../../../contract/workers';
import { crc32 } from '../datasets/crc32';
import { uprightPixels } from '../decode';
import { tagAt, viewOf } from '../formats/picture';
import { toRgbBytes } from '../pixels';
import { openPicture } from '../sniff';

type Found = ReplyInput<IntakeContract, 'recipe'>['found'];

/** No generator draws larger pictures. */
const maxPixels = 512 * 512;
const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Null for a file that carries no recipe. Fails with `image/...` where there is one and the picture is damaged. */
export async function readRecipe(bytes: Uint8Array): Promise<Found> {
  if (!png.every((byte, at) => bytes[at] === byte)) return null;
  const recipe = recipeIn(bytes);
  if (recipe === undefined) return null;
  const picture = openPicture(bytes);
  const { height, width } = picture;
  if (height * width > maxPixels) return { recipe, height, width, pixels: new Uint8Array(0) };
  const pixels = Uint8Array.from(toRgbBytes(await uprightPixels(picture, picture)));
  return { recipe, height, width, pixels };
}

/** The first chunk with the keyword counts; one that is not whole, not ours or too long is none. */
function recipeIn(bytes: Uint8Array): SampleRecipe | undefined {
  const view = viewOf(bytes);
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > bytes.length) return undefined;
    if (tagAt(bytes, at + 4) === 'iTXt' && startsWithKeyword(bytes.subarray(at + 8, end - 4))) {
      const isWhole = view.getUint32(end - 4) === crc32(bytes.subarray(at + 4, end - 4));
      return isWhole && length <= maxRecipeBytes ? parse(bytes.subarray(at + 8, end - 4)) : undefined;
    }
    at = end;
  }
  return undefined;
}

/** As Duet writes it: not compressed, without a language or a translated keyword. */
const head = Buffer.from(`${recipeKeyword}\0\0\0\0\0`, 'latin1');

function startsWithKeyword(body: Uint8Array): boolean {
  return head.subarray(0, recipeKeyword.length + 1).every((byte, at) => body[at] === byte);
}

function parse(body: Uint8Array): SampleRecipe | undefined {
  if (!head.every((byte, at) => body[at] === byte)) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body.subarray(head.length));
    return sampleRecipeSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
