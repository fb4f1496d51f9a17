/** Groups of samples that hang together by pairs. */

export type Pair = readonly [number, number];

/** Pairs, and which samples they link (union-find with path halving; Tarjan and van Leeuwen 1984). */
export class Links {
  readonly pairs: Pair[] = [];
  private readonly parents = new Map<number, number>();

  constructor(pairs: readonly Pair[] = []) {
    for (const [a, b] of pairs) this.add(a, b);
  }

  add(a: number, b: number): void {
    this.pairs.push([Math.min(a, b), Math.max(a, b)]);
    const [one, other] = [this.rootOf(a), this.rootOf(b)];
    // The smaller index leads, so that the result does not depend on the order of the pairs.
    if (one !== other) this.parents.set(Math.max(one, other), Math.min(one, other));
  }

  areLinked(a: number, b: number): boolean {
    return this.rootOf(a) === this.rootOf(b);
  }

  /** The first sample of its group. */
  rootOf(sample: number): number {
    let at = sample;
    for (;;) {
      const parent = this.parents.get(at) ?? at;
      if (parent === at) return at;
      const above = this.parents.get(parent) ?? parent;
      this.parents.set(at, above);
      at = above;
    }
  }
}

/** Groups of two or more, the largest first, then by their first sample; members ascending. */
export function groupsOf(pairs: readonly Pair[]): number[][] {
  const links = new Links(pairs);
  const groups = new Map<number, Set<number>>();
  for (const sample of pairs.flat()) {
    const root = links.rootOf(sample);
    const group = groups.get(root) ?? new Set<number>();
    group.add(sample);
    groups.set(root, group);
  }
  return [...groups.values()]
    .map((group) => [...group].sort((a, b) => a - b))
    .sort((a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0));
}

/** Pairs of samples whose keys are equal: each with the first that has it. */
export function equalPairs(samples: readonly number[], keyOf: (sample: number) => string): Pair[] {
  const first = new Map<string, number>();
  const pairs: Pair[] = [];
  for (const sample of samples) {
    const key = keyOf(sample);
    const same = first.get(key);
    if (same === undefined) first.set(key, sample);
    else pairs.push([same, sample]);
  }
  return pairs;
}
