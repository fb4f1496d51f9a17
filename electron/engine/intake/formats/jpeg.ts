/** Size and orientation of a JPEG. Its pixels are decoded by our own reader, which finds every cut and damage itself. */
import { readOrientation, withoutExifPrefix } from '../exif';
import { damaged, isFrame, nextSegment, readFrame } from '../jpeg/markers';
import type { Picture } from './picture';

export function openJpeg(bytes: Uint8Array): Picture {
  let orientation = 1;
  for (let at = 2; ;) {
    const segment = nextSegment(bytes, at);
    if (segment === undefined || segment.marker === 0xd9 || segment.marker === 0xda)
      throw damaged('it holds no picture');
    const { marker, start, end } = segment;
    if (marker === 0xe1 && orientation === 1) {
      const block = bytes.subarray(start, end);
      const exif = withoutExifPrefix(block);
      if (exif !== block) orientation = readOrientation(exif);
    }
    if (isFrame(marker)) {
      const { width, height } = readFrame(bytes, segment);
      return { format: 'jpeg', width, height, orientation, bytes, isOpaque: true };
    }
    at = end;
  }
}
