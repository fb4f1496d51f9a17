/** Makes assets/samples from photos in three Debian packages (licences: NOTICE.md): JPEG, long side 1024 at most. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { unpackDebianPackage } from './lib/debian-package.mjs';
import { inRoot, scratchFolder } from './lib/paths.mjs';
import { giveUp, say } from './lib/say.mjs';

const longestSide = 1024;
const quality = 85;
const target = inRoot('assets', 'samples');

// Debian package -> where its photos lie -> our name for each. Only photos whose licence allows passing them on.
const sources = [
  {
    package: 'darknet',
    folder: 'usr/share/darknet/data',
    photos: {
      'dog.jpg': 'dog-bicycle-truck',
      'eagle.jpg': 'eagle-at-the-lake',
      'giraffe.jpg': 'giraffe-and-zebra',
      'horses.jpg': 'horses-on-the-plain',
      'kite.jpg': 'kites-at-the-beach',
      'person.jpg': 'walker-dog-horse',
    },
  },
  {
    package: 'python3-skimage',
    folder: 'usr/lib/python3/dist-packages/skimage/data',
    photos: {
      'astronaut.png': 'astronaut',
      'camera.png': 'photographer-with-tripod',
      'chelsea.png': 'tabby-cat',
      'coffee.png': 'espresso',
      'hubble_deep_field.jpg': 'hubble-deep-field',
      'rocket.jpg': 'rocket-at-dusk',
    },
  },
  {
    package: 'python3-sklearn',
    folder: 'usr/lib/python3/dist-packages/sklearn/datasets/images',
    photos: { 'china.jpg': 'summer-palace', 'flower.jpg': 'dahlia' },
  },
];

async function convert(from, to) {
  const image = await loadImage(from);
  const scale = Math.min(1, longestSide / Math.max(image.width, image.height));
  const canvas = createCanvas(Math.round(image.width * scale), Math.round(image.height * scale));
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const bytes = canvas.toBuffer('image/jpeg', quality);
  writeFileSync(to, bytes);
  say(`${path.basename(to)}: ${canvas.width} x ${canvas.height}, ${Math.round(bytes.length / 1024)} KB`);
}

try {
  mkdirSync(target, { recursive: true });
  for (const source of sources) {
    const tree = unpackDebianPackage(source.package, path.join(scratchFolder, 'samples', source.package));
    for (const [file, name] of Object.entries(source.photos)) {
      await convert(path.join(tree, source.folder, file), path.join(target, `${name}.jpg`));
    }
  }
} catch (error) {
  giveUp(error);
}
