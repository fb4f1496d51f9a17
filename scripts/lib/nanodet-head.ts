/** Decoding of NanoDet's raw outputs and selection of boxes, as graph nodes (X. Li et al., "Generalized Focal Loss", 2020, eq. 6). */
import { int, ints } from '../../models/graph/attributes';
import type { GraphBuilder } from '../../models/graph/build';
import { type PictureMap, reshape } from '../../models/graph/picture';

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
 * `scores` and `boxes` name one value per stride: [1, cells, classes] in 0..1 and [1, cells, 4 * bins] logits of the distances to
 * the left, top, right and bottom side. Gives corners [cells, 4] in network pixels and all scores [classes, cells].
 */
function decode(
  builder: GraphBuilder,
  facts: HeadFacts,
  scores: readonly string[],
  boxes: readonly string[],
): { corners: string; byClass: string; cells: number } {
  const { centres, signs, cells } = anchors(facts);
  const join = (names: readonly string[]): string => builder.node('Concat', names, { attributes: { axis: int(1) } });
  const logits = reshape(builder, join(boxes), [cells, 4, facts.bins]);
  const shares = builder.node('Softmax', [logits], { attributes: { axis: int(-1) } });
  const ramp = Array.from({ length: facts.bins }, (_, bin) => bin);
  const expected = builder.node('MatMul', [shares, builder.floats('bins', ramp, [facts.bins, 1])]); // [cells, 4, 1]
  const distances = reshape(builder, expected, [cells, 4]); // in cells
  const offsets = builder.node('Mul', [distances, builder.floats('signed_strides', signs, [cells, 4])]);
  const corners = builder.node('Add', [builder.floats('centres', centres, [cells, 4]), offsets]);
  const cellsByClass = reshape(builder, join(scores), [cells, facts.classes]);
  const byClass = builder.node('Transpose', [cellsByClass], { attributes: { perm: ints([1, 0]) } });
  return { corners, byClass, cells };
}

/**
 * Adds decoding, class-wise suppression and sorting, and names the results `boxes` [K, 4] (left, top, right, bottom in 0..1 of
 * the picture), `scores` [K] (falling) and `classes` int64 [K].
 */
export function addHead(
  builder: GraphBuilder,
  facts: HeadFacts,
  raw: { readonly scores: readonly string[]; readonly boxes: readonly string[] },
  map: PictureMap,
  selection: Selection,
): void {
  const { corners, byClass, cells } = decode(builder, facts, raw.scores, raw.boxes);
  const chosen = builder.node('NonMaxSuppression', [
    reshape(builder, corners, [1, cells, 4]),
    reshape(builder, byClass, [1, facts.classes, cells]),
    builder.ints('max_boxes', [selection.maxBoxes]),
    builder.floats('overlap', [selection.overlapThreshold]),
    builder.floats('threshold', [selection.scoreThreshold]),
  ]); // [M, 3]: picture, class, cell
  const classOf = column(builder, chosen, 1); // [M]
  const cellOf = column(builder, chosen, 2); // [M]
  const flat = builder.node('Add', [builder.node('Mul', [classOf, builder.ints('cells', [cells])]), cellOf]);
  const scoreOf = builder.node('Gather', [reshape(builder, byClass, [-1]), flat]); // [M]
  const boxOf = builder.node('Gather', [corners, cellOf]); // [M, 4]
  const named = onePerPlace(builder, boxOf, scoreOf, selection); // [K]
  const keptScores = builder.node('Gather', [scoreOf, named]);
  const order = builder.fresh('order');
  builder.node('TopK', [keptScores, builder.node('Shape', [keptScores])], { outputs: ['scores', order] });
  const best = builder.node('Gather', [named, order]); // [K], indices into M
  builder.node('Gather', [classOf, best], { outputs: ['classes'] });
  addPictureBoxes(builder, builder.node('Gather', [boxOf, best]), map);
}

/** Column of an int64 table [rows, 3] as [rows]. */
function column(builder: GraphBuilder, table: string, index: number): string {
  return builder.node('Gather', [table, builder.ints('column', [index], [])], { attributes: { axis: int(1) } });
}

/** Of boxes that lie on nearly the same place under different names, the best-scored: indices [K] into the M candidates. */
function onePerPlace(builder: GraphBuilder, boxes: string, scores: string, selection: Selection): string {
  const kept = builder.node('NonMaxSuppression', [
    reshape(builder, boxes, [1, -1, 4]),
    reshape(builder, scores, [1, 1, -1]),
    builder.ints('max_boxes', [selection.maxBoxes]),
    builder.floats('same_place', [selection.samePlaceThreshold]),
    builder.floats('any', [0]),
  ]);
  return column(builder, kept, 2);
}

/** Network pixels to shares of the picture: (corner * step + offset) / size, kept within 0..1. */
function addPictureBoxes(builder: GraphBuilder, corners: string, map: PictureMap): void {
  const four = (x: string, y: string): string => builder.node('Concat', [x, y, x, y], { attributes: { axis: int(0) } });
  const scaled = builder.node('Mul', [corners, four(map.stepX, map.stepY)]);
  const placed = builder.node('Add', [scaled, four(map.offsetX, map.offsetY)]);
  const shares = builder.node('Div', [placed, four(map.width, map.height)]);
  builder.node('Clip', [shares, builder.floats('zero', [0], []), builder.floats('one', [1], [])], {
    outputs: ['boxes'],
  });
}
