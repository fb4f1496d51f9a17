/** Hook of electron-builder: removes what only developers need, and shuts their doors in the program itself. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { flipFuses, FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses';

// In words: the program is no Node, listens to no NODE_OPTIONS and no --inspect, encrypts its cookies, loads its code
// from the archive it was packed with and nowhere else, and gives file:// no more rights than a browser does.
const wanted = {
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
};

function programOf({ appOutDir, electronPlatformName, packager }) {
  const { productFilename } = packager.appInfo;
  if (electronPlatformName === 'darwin') return path.join(appOutDir, `${productFilename}.app`);
  return path.join(appOutDir, electronPlatformName === 'win32' ? `${productFilename}.exe` : packager.executableName);
}

/** Sets all of the wanted fuses that this Electron has: the old one for tests lacks the youngest. */
export async function afterPack(context) {
  const program = programOf(context);
  // Electron's own sample app and version note, which an unpacked runtime brings along.
  for (const file of ['resources/default_app.asar', 'version'])
    rmSync(path.join(context.appOutDir, file), { force: true });
  const wire = await getCurrentFuseWire(program);
  const known = Object.entries(wanted).filter(([fuse]) => fuse in wire);
  await flipFuses(program, {
    version: FuseVersion.V1,
    resetAdHocDarwinSignature: context.electronPlatformName === 'darwin',
    ...Object.fromEntries(known),
  });
}
