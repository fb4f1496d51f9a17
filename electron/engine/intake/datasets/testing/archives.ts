/** Archives made by hand, byte for byte, so that they can be wrong in ways that no packer writes. */
import { gzipSync, deflateRawSync } from 'node:zlib';
import { crc32 } from '../crc32';

export interface ZipEntry {
  name: string;
  bytes?: Uint8Array;
  /** Unix file type and rights; 0o120777 makes a link. */
  mode?: number;
  /** General purpose flags; 1 says encrypted. */
  flags?: number;
  /** What the headers claim in place of the truth. */
  claimedSize?: number;
  claimedCrc?: number;
  isStored?: boolean;
}

const text = (value: string): Buffer => Buffer.from(value, 'utf8');

function u(width: 2 | 4, value: number): Buffer {
  const bytes = Buffer.alloc(width);
  if (width === 2) bytes.writeUInt16LE(value & 0xffff);
  else bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

/** PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { name, bytes = new Uint8Array(0), mode = 0o100644, flags = 0, isStored = false } = entry;
    const packed = isStored ? Buffer.from(bytes) : deflateRawSync(bytes);
    const common = Buffer.concat([
      u(2, 20), u(2, flags | 0x800), u(2, isStored ? 0 : 8), u(2, 0), u(2, 0),
      u(4, entry.claimedCrc ?? crc32(bytes)), u(4, packed.length), u(4, entry.claimedSize ?? bytes.length),
      u(2, text(name).length), u(2, 0),
    ]); // prettier-ignore
    const local = Buffer.concat([u(4, 0x04034b50), common, text(name), packed]);
    central.push(Buffer.concat([
      u(4, 0x02014b50), u(2, (3 << 8) | 20), common, u(2, 0), u(2, 0), u(2, 0), u(4, mode << 16), u(4, offset), text(name),
    ])); // prettier-ignore
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.concat([u(4, 0x06054b50), u(2, 0), u(2, 0), u(2, entries.length), u(2, entries.length), u(4, directory.length), u(4, offset), u(2, 0)]); // prettier-ignore
  return Buffer.concat([...locals, directory, end]);
}

export interface TarEntry {
  name: string;
  bytes?: Uint8Array;
  /** POSIX type flag: 0 file, 2 symbolic link, 5 folder, 6 pipe. */
  type?: string;
  link?: string;
}

/** POSIX.1-1988 ustar. */
export function tar(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ name, bytes = new Uint8Array(0), type = '0', link = '' }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write('0000644\0', 100);
    header.write('0000000\0', 108);
    header.write('0000000\0', 116);
    header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0', 136);
    header.write('        ', 148);
    header.write(type, 156);
    header.write(link, 157, 100);
    header.write('ustar\u000000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export const tarGz = (entries: readonly TarEntry[]): Buffer => gzipSync(tar(entries));
