/** Brings pictures to one size: cut, padded or stretched. */
import type { ImageOptions } from '../../../contract/samples';
import { type Pixels, resize } from '../pixels';

interface Size {
  readonly height: number;
  readonly width: number;
}

const black = 0xff000000 | 0;

/** The size that a picture is scaled to before it is cut or padded. */
export function scaledSize({ height, width }: Size, { height: h, width: w, fit }: ImageOptions): Size {
  if (fit === 'stretch') return { height: h, width: w };
  const across = w / width;
  const down = h / height;
  const factor = fit === 'crop' ? Math.max(across, down) : Math.min(across, down);
  const side = (length: number, target: number): number => {
    const scaled = Math.max(1, Math.round(length * factor));
    return fit === 'crop' ? Math.max(target, scaled) : Math.min(target, scaled);
  };
  return { height: side(height, h), width: side(width, w) };
}

/** `crop` cuts the middle out, `pad` puts the picture into the middle of black, `stretch` changes its proportions. */
export function fitPixels(source: Pixels, options: ImageOptions): Pixels {
  const size = scaledSize(source, options);
  const scaled = resize(source, size.width, size.height);
  if (size.height === options.height && size.width === options.width) return scaled;
  return placed(scaled, options);
}

/** The middle of one lies on the middle of the other; what is missing is black. */
function placed(source: Pixels, { height, width }: ImageOptions): Pixels {
  const data = new Int32Array(height * width).fill(black);
  const top = Math.floor((source.height - height) / 2);
  const left = Math.floor((source.width - width) / 2);
  const firstColumn = Math.max(0, left);
  const endColumn = Math.min(source.width, left + width);
  for (let y = Math.max(0, top); y < Math.min(source.height, top + height); y++) {
    const row = source.data.subarray(y * source.width + firstColumn, y * source.width + endColumn);
    data.set(row, (y - top) * width + firstColumn - left);
  }
  return { data, height, width };
}
