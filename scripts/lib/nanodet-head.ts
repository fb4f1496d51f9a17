/** Decoding of NanoDet's raw outputs and selection of boxes, as graph nodes (X. Li et al., "Generalized Focal Loss", 2020, eq. 6). */
import type { Builder } from '../../models/graph/builder-type';
import type { Value } from '../../models/graph/ir';
import type { PictureMap } from '../../models/graph/picture';

/** Facts of the network: input side, cell sizes in pixels, number of distance bins, classes. */
export interface HeadFacts {
  readonly side: number;
  readonly strides: readonly number[];
  readonly bins: number;
  readonly classes: number;
}

/** How many boxes leave, and which. */
export interface Selection {
  readonly scoreThreshold: number;
  /** Overlap (intersection over union) from which the weaker of two boxes of one class goes. */
  readonly overlapThreshold: number;
  /** Overlap from which the weaker of two boxes of any classes goes: one place, one name. */
  readonly samePlaceThreshold: number;
  readonly maxBoxes: number;
}

/** Centres of all cells, twice ([cells, 4]: x, y, x, y), and the signed cell size of each distance ([cells, 4]: -s, -s, s, s). */
function anchors(facts: HeadFacts): { centres: number[]; signs: number[]; cells: number } {
  const centres: number[] = [];
  const signs: number[] = [];
  for (const stride of facts.strides) {
    const across = facts.side / stride;
    for (let cell = 0; cell < across * across; cell++) {
      const x = ((cell % across) + 0.5) * stride;
      const y = (Math.floor(cell / across) + 0.5) * stride;
      centres.push(x, y, x, y);
      signs.push(-stride, -stride, stride, stride);
    }
  }
  return { centres, signs, cells: centres.length / 4 };
}

/**
 * `scores` and `boxes` hold one value per stride: [1, cells, classes] in 0..1 and [1, cells, 4 * bins] logits of the distances to
 * the left, top, right and bottom side. Gives corners [cells, 4] in network pixels and all scores [classes, cells].
 */
function decode(
  g: Builder,
  facts: HeadFacts,
  { scores, boxes }: RawOutputs,
): { corners: Value; byClass: Value; cells: number } {
  const { centres, signs, cells } = anchors(facts);
  const logits = g.Reshape(g.Concat(...boxes, { axis: 1 }), [cells, 4, facts.bins]);
  const shares = g.Softmax(logits, { axis: -1 });
  const ramp = Array.from({ length: facts.bins }, (_, bin) => bin);
  const expected = g.MatMul(shares, g.floats(ramp, [facts.bins, 1])); // [cells, 4, 1]
  const distances = g.Reshape(expected, [cells, 4]); // in cells
  const offsets = g.Mul(distances, g.floats(signs, [cells, 4]));
  const corners = g.Add(g.floats(centres, [cells, 4]), offsets);
  const cellsByClass = g.Reshape(g.Concat(...scores, { axis: 1 }), [cells, facts.classes]);
  return { corners, byClass: g.Transpose(cellsByClass, { perm: [1, 0] }), cells };
}

/** What the network itself gives, stride by stride. */
interface RawOutputs {
  readonly scores: readonly Value[];
  readonly boxes: readonly Value[];
}

/**
 * Adds decoding, class-wise suppression and sorting. Gives `boxes` [K, 4] (left, top, right, bottom in 0..1 of the picture),
 * `scores` [K] (falling) and `classes` int64 [K].
 */
export function addHead(
  g: Builder,
  facts: HeadFacts,
  raw: RawOutputs,
  map: PictureMap,
  selection: Selection,
): Readonly<Record<'boxes' | 'scores' | 'classes', Value>> {
  const { corners, byClass, cells } = decode(g, facts, raw);
  const chosen = g.NonMaxSuppression(
    g.Reshape(corners, [1, cells, 4]),
    g.Reshape(byClass, [1, facts.classes, cells]),
    [selection.maxBoxes],
    g.floats([selection.overlapThreshold]),
    g.floats([selection.scoreThreshold]),
  ); // [M, 3]: picture, class, cell
  const classOf = column(g, chosen, 1); // [M]
  const cellOf = column(g, chosen, 2); // [M]
  const scoreOf = g.Gather(g.Reshape(byClass, [-1]), g.Add(g.Mul(classOf, cells), cellOf)); // [M]
  const boxOf = g.Gather(corners, cellOf); // [M, 4]
  const named = onePerPlace(g, boxOf, scoreOf, selection); // [K]
  const keptScores = g.Gather(scoreOf, named);
  const [scores = keptScores, order = named] = g.TopK(keptScores, g.Shape(keptScores));
  const best = g.Gather(named, order); // [K], indices into M
  return { boxes: pictureBoxes(g, g.Gather(boxOf, best), map), scores, classes: g.Gather(classOf, best) };
}

/** Column of an int64 table [rows, 3] as [rows]. */
function column(g: Builder, table: Value, index: number): Value {
  return g.Gather(table, g.ints([index], []), { axis: 1 });
}

/** Of boxes that lie on nearly the same place under different names, the best-scored: indices [K] into the M candidates. */
function onePerPlace(g: Builder, boxes: Value, scores: Value, selection: Selection): Value {
  const kept = g.NonMaxSuppression(
    g.Reshape(boxes, [1, -1, 4]),
    g.Reshape(scores, [1, 1, -1]),
    [selection.maxBoxes],
    g.floats([selection.samePlaceThreshold]),
    g.floats([0]),
  );
  return column(g, kept, 2);
}

/** Network pixels to shares of the picture: (corner * step + offset) / size, kept within 0..1. */
function pictureBoxes(g: Builder, corners: Value, map: PictureMap): Value {
  const four = (x: Value, y: Value): Value => g.Concat(x, y, x, y, { axis: 0 });
  const placed = g.Add(g.Mul(corners, four(map.stepX, map.stepY)), four(map.offsetX, map.offsetY));
  return g.Clip(g.Div(placed, four(map.width, map.height)), 0, 1);
}
