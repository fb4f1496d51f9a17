/** What recipes need to know of a data set: what its samples are, how many there are, and what kind of pictures they seem to be. */
import type { OpenDataset } from '../datasets/open-dataset';
import { sampleSize, type DataShape } from '../../../models/zoo/data-shape';

export interface DataLook {
  readonly kind: OpenDataset['manifest']['kind'];
  /** Undefined for kinds that nothing here learns from. */
  readonly shape: DataShape | undefined;
  readonly samples: number;
  /** Samples to learn from that have a class. */
  readonly labelled: number;
  /** All samples to learn from. */
  readonly train: number;
  readonly classes: readonly string[];
  /** Names in the packs of the columns of numbers. */
  readonly features: readonly string[];
  /** What presets are chosen by. */
  readonly look: 'small' | 'signs' | 'grey' | 'colour' | 'points' | 'other';
}

export function lookAt(
  { manifest, packs }: Pick<OpenDataset, 'manifest' | 'packs'>,
  content: ReturnType<OpenDataset['content']>,
): DataLook {
  const { classes, label, split, excluded } = content;
  let [train, labelled] = [0, 0];
  for (let index = 0; index < label.length; index++) {
    if (split[index] !== 0 || excluded[index] !== 0) continue;
    train += 1;
    if ((label[index] ?? -1) >= 0) labelled += 1;
  }
  const features = manifest.columns.flatMap(({ type, role }, k) => type === 'number' && role === 'feature' ? [`column.${k}`] : []);
  const shape = shapeOf(manifest.kind, packs.image, features.length, classes.length);
  const look = shape === undefined ? 'other' : kindOf(shape, classes);
  return { kind: manifest.kind, shape, samples: label.length, train, labelled, classes, features, look };
} // prettier-ignore

function shapeOf(
  kind: DataLook['kind'],
  image: { height: number; width: number; channels: number } | null,
  features: number,
  classes: number,
): DataShape | undefined {
  if (kind === 'image' && image !== null)
    return { kind: 'image', height: image.height, width: image.width, channels: image.channels === 3 ? 3 : 1, classes };
  return kind === 'row' && features > 0 ? { kind: 'vector', width: features, classes } : undefined;
}

/** Classes that are called by one character are signs: a mirrored seven is no seven. */
function kindOf(shape: DataShape, classes: readonly string[]): DataLook['look'] {
  if (shape.kind === 'vector') return sampleSize(shape) <= 3 ? 'points' : 'other';
  if (Math.min(shape.height, shape.width) < 16) return 'small';
  if (shape.channels === 3) return 'colour';
  return classes.length > 0 && classes.every((name) => Array.from(name).length === 1) ? 'signs' : 'grey';
}
