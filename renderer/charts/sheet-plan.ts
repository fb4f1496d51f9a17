/** Where drawings of a sheet stand: a block of columns for each class, pixels enlarged by whole numbers; pure. */

interface Size {
  width: number;
  height: number;
}

export interface SheetAsked {
  count: number;
  /** Samples in a row of the sheet; with classes, one for each. */
  columns: number;
  /** Of one sample, in its own pixels. */
  picture: Size;
  room: Size;
  /** Device pixels for a unit of the page. */
  density: number;
  /** Classes stand apart from each other. */
  isByClass: boolean;
}

export interface SheetPlan {
  /** Blocks in a row of blocks, and columns within each. */
  blocks: number;
  across: number;
  /** Samples of each block that are shown. */
  each: number;
  /** Rows of samples in a block. */
  down: number;
  bands: number;
  tile: Size;
  gap: number;
  blockGap: number;
  bandGap: number;
  size: Size;
}

const gap = 3;
/** Room between bands holds the names of their classes. */
const bandGap = 24;
/** Under so many of each class one cannot see whether they differ. */
const fewest = 4;
/** Larger drawings only if their own pixels ask for it. */
const [usualTile, mostTile] = [48, 64];

/** The plan that shows most: large samples, as many as there is room for. */
export function planSheet(asked: SheetAsked): SheetPlan {
  const { columns, room } = asked;
  let best: { plan: SheetPlan; score: number } | undefined;
  for (let bands = 1; bands <= columns; bands += 1) {
    const blocks = Math.ceil(columns / bands);
    for (const plan of plansFor(asked, blocks, bands)) {
      if (plan.size.width > room.width) continue;
      const score = plan.each * plan.tile.width * plan.tile.height;
      if (best === undefined || score > best.score) best = { plan, score };
    }
    if (best !== undefined) return best.plan;
  }
  return onePlan(asked, { blocks: 1, bands: columns, across: 1, times: 1 });
}

function plansFor(asked: SheetAsked, blocks: number, bands: number): SheetPlan[] {
  const { count, columns, picture, density } = asked;
  const n = Math.max(1, Math.ceil(count / columns));
  const most = Math.max(
    1,
    Math.floor((Math.max(usualTile, Math.min(mostTile, 2 * picture.width)) * density) / picture.width),
  );
  const plans: SheetPlan[] = [];
  for (let times = 1; times <= most; times += 1) {
    for (let across = 1; across <= (asked.isByClass ? n : 1); across += 1) {
      const plan = onePlan(asked, { blocks, bands, across, times });
      if (times === 1 || plan.each >= Math.min(n, fewest)) plans.push(plan);
    }
  }
  return plans;
}

interface Shape {
  blocks: number;
  bands: number;
  across: number;
  times: number;
}

function onePlan(asked: SheetAsked, { blocks, bands, across, times }: Shape): SheetPlan {
  const { count, columns, picture, room, density } = asked;
  const n = Math.max(1, Math.ceil(count / columns));
  const blockGap = asked.isByClass ? 2 * gap : gap;
  const tile = { width: (times * picture.width) / density, height: (times * picture.height) / density };
  const high = Math.max(tile.height, (room.height - (bands - 1) * bandGap) / bands);
  const down = Math.min(Math.ceil(n / across), Math.max(1, Math.floor((high + gap) / (tile.height + gap))));
  const wide = across * tile.width + (across - 1) * gap;
  const tall = down * tile.height + (down - 1) * gap;
  const size = { width: blocks * (wide + blockGap) - blockGap, height: bands * (tall + bandGap) - bandGap };
  return { blocks, across, each: Math.min(n, down * across), down, bands, tile, gap, blockGap, bandGap, size };
}

/** Where a block begins: its class, counted from 0. */
export function blockAt(plan: SheetPlan, block: number): { x: number; y: number; width: number } {
  const { across, tile, down } = plan;
  const width = across * tile.width + (across - 1) * plan.gap;
  const tall = down * tile.height + (down - 1) * plan.gap;
  const band = Math.floor(block / plan.blocks);
  return { x: (block % plan.blocks) * (width + plan.blockGap), y: band * (tall + plan.bandGap), width };
}

/** Where sample `index` of a sheet stands; undefined when there is no room for it. */
export function placeAt(plan: SheetPlan, columns: number, index: number): { x: number; y: number } | undefined {
  const place = Math.floor(index / columns);
  if (place >= plan.each) return undefined;
  const { x, y } = blockAt(plan, index % columns);
  return {
    x: x + (place % plan.across) * (plan.tile.width + plan.gap),
    y: y + Math.floor(place / plan.across) * (plan.tile.height + plan.gap),
  };
}

/** The sample under a point; undefined between them. */
export function sampleAt(
  plan: SheetPlan,
  { columns, count }: Pick<SheetAsked, 'columns' | 'count'>,
  point: { x: number; y: number },
): number | undefined {
  for (let index = 0; index < count; index += 1) {
    const place = placeAt(plan, columns, index);
    if (place === undefined) continue;
    const [dx, dy] = [point.x - place.x, point.y - place.y];
    if (dx >= 0 && dy >= 0 && dx < plan.tile.width && dy < plan.tile.height) return index;
  }
  return undefined;
}
