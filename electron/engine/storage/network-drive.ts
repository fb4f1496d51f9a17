/** Whether a folder lies on a drive of another computer, where SQLite's log must not be shared through memory. */
import { statfs } from 'node:fs/promises';
import path from 'node:path';

/** Magic numbers of statfs(2): NFS, SMB, CIFS, SMB2, AFS, Coda, Ceph, 9P, and FUSE, behind which a network may be. */
const networkTypes = new Set([
  0x6969, 0x517b, 0xff53_4d42, 0xfe53_4d42, 0x5346_414f, 0x7375_7245, 0x00c3_6400, 0x0102_1997, 0x6573_5546,
]);

export async function isOnNetwork(folder: string): Promise<boolean> {
  if (process.platform === 'win32') return /^[\\/]{2}/.test(path.resolve(folder));
  if (process.platform !== 'linux') return path.resolve(folder).startsWith('/Volumes/');
  const { type } = await statfs(folder);
  return isNetworkType(type);
}

/** `type` as statfs(2) gives it; some systems give it signed. */
export function isNetworkType(type: number): boolean {
  return networkTypes.has(type >>> 0);
}
