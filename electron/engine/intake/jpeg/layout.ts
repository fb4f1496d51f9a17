/** How the blocks of a JPEG frame are laid out, and at which size each channel is transformed. */
import { type DctSize } from './idct';
import { damaged, type JpegFrame } from './markers';

export interface ChannelLayout {
  h: number;
  v: number;
  quantId: number;
  /** Blocks that carry picture, as a scan of this channel alone visits them. */
  blocksWide: number;
  blocksHigh: number;
  /** Blocks including the padding of whole MCUs, which is how they are stored. */
  storedWide: number;
  storedHigh: number;
  /** Transform size; chroma may keep more points than luma where that makes upsampling unnecessary. */
  size: DctSize;
  /** How many output pixels one sample of this channel covers. */
  spreadX: number;
  spreadY: number;
}

export interface FrameLayout {
  mcusWide: number;
  mcusHigh: number;
  channels: ChannelLayout[];
  width: number;
  height: number;
  blocks: number;
}

export function layOut(frame: JpegFrame, size: DctSize): FrameLayout {
  const maxH = Math.max(...frame.components.map((one) => one.h));
  const maxV = Math.max(...frame.components.map((one) => one.v));
  const mcusWide = Math.ceil(frame.width / (8 * maxH));
  const mcusHigh = Math.ceil(frame.height / (8 * maxV));
  const channels = frame.components.map(({ h, v, quantId }): ChannelLayout => {
    const spreadX = maxH / h;
    const spreadY = maxV / v;
    if (!Number.isInteger(spreadX) || !Number.isInteger(spreadY)) throw damaged('channel sizes that do not divide');
    const grown = growth(size, spreadX, spreadY);
    return {
      h,
      v,
      quantId,
      blocksWide: Math.ceil(Math.ceil((frame.width * h) / maxH) / 8),
      blocksHigh: Math.ceil(Math.ceil((frame.height * v) / maxV) / 8),
      storedWide: mcusWide * h,
      storedHigh: mcusHigh * v,
      size: grown,
      spreadX: (spreadX * size) / grown,
      spreadY: (spreadY * size) / grown,
    };
  });
  return {
    mcusWide,
    mcusHigh,
    channels,
    width: Math.ceil((frame.width * size) / 8),
    height: Math.ceil((frame.height * size) / 8),
    blocks: channels.reduce((sum, one) => sum + one.storedWide * one.storedHigh, 0),
  };
}

/** Doubles the transform of a subsampled channel while that stays within eight points and its own spread. */
function growth(size: DctSize, spreadX: number, spreadY: number): DctSize {
  if (size === 8 || spreadX % 2 !== 0 || spreadY % 2 !== 0) return size;
  const twice = size === 1 ? 2 : size === 2 ? 4 : 8;
  return growth(twice, spreadX / 2, spreadY / 2);
}
