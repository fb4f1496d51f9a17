/** The drawings of one generator and what each judge reads in them, numbered as under the comparison's seed. */

export interface Nearest {
  /** Index in the real data set; -1 where the class has no training sample. */
  readonly index: Int32Array;
  /** Euclidean, in the first judge's features. */
  readonly distance: Float32Array;
  /** 1 where it is close enough to be a copy. */
  readonly isCopy: Uint8Array;
}

export interface DrawingsSize {
  readonly total: number;
  readonly classes: number;
  readonly judges: number;
  /** Bytes of one picture. */
  readonly each: number;
}

/** Sample i has been asked for class i modulo the number of classes. */
export class Drawings {
  /** Drawn and read by all judges. */
  done = 0;
  /** u8 [total, height, width, channels]. */
  readonly samples: Uint8Array;
  /** By judge: f32 [total, classes], of those classes that can be asked for. */
  readonly probabilities: readonly Float32Array[];
  nearest: Nearest | undefined;

  constructor(
    readonly size: DrawingsSize,
    kept?: { samples: Uint8Array; probabilities: readonly Float32Array[]; nearest: Nearest | undefined },
  ) {
    const { total, classes, judges, each } = size;
    this.samples = kept?.samples ?? new Uint8Array(total * each);
    this.probabilities = kept?.probabilities ?? Array.from({ length: judges }, () => new Float32Array(total * classes));
    this.nearest = kept?.nearest;
    if (kept !== undefined) this.done = total;
  }

  asked(index: number): number {
    return index % this.size.classes;
  }

  /** Pictures in the order of `indices`. */
  pictures(indices: readonly number[]): Uint8Array<ArrayBuffer> {
    const { each } = this.size;
    const all = new Uint8Array(indices.length * each);
    indices.forEach((index, k) => all.set(this.samples.subarray(index * each, (index + 1) * each), k * each));
    return all;
  }

  /** The best two classes of a drawing by a judge, best first; ties go to the lower class. */
  best(judge: number, index: number): { classIndex: number; score: number }[] {
    const { classes } = this.size;
    const row = this.probabilities[judge]?.subarray(index * classes, (index + 1) * classes) ?? [];
    const [first, second] = twoBest(row);
    return [first, second].flatMap((place) =>
      place < 0 ? [] : [{ classIndex: place, score: Math.min(1, Math.max(0, row[place] ?? 0)) }],
    );
  }
}

/** Places of the two largest numbers; -1 where there is none. */
export function twoBest(row: ArrayLike<number>): [number, number] {
  let [first, second] = [-1, -1];
  for (let place = 0; place < row.length; place++) {
    const value = row[place] ?? 0;
    if (first < 0 || value > (row[first] ?? 0)) [first, second] = [place, first];
    else if (second < 0 || value > (row[second] ?? 0)) second = place;
  }
  return [first, second];
}

/** Column of the matrix that a reading belongs to: the best class, or `classes` where the judge is unsure. */
export function columnOf(row: ArrayLike<number>, classes: number, unsureBelow: number): number {
  const [first] = twoBest(row);
  return first < 0 || (row[first] ?? 0) < unsureBelow ? classes : first;
}
