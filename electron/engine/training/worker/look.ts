/** Looks at a model in training: a classifier answers for held-out samples; a generator draws a sheet, and now and then is judged. */
import type { Check } from '../../../contract/training';
import type { HostTensor } from '../../../../models/tensor/host-tensor';
import { sampleSize } from '../../../../models/zoo/data-shape';
import type { ClassifierConfig } from '../../../../models/zoo/classifier/config';
import type { GeneratorConfigured } from '../../../../models/zoo/families';
import { classOfIndex } from '../../../../models/zoo/latents';
import { writeSheet } from '../sheet-file';
import { answersOn, evenly } from './answers';
import type { Samples } from './data';
import { type Drawer, openDrawer } from './drawer';
import { type Judge, openJudge } from './judged';
import type { Prepared } from './prepare';
import { unscaled } from './row-scale';

type Weights = Readonly<Record<string, HostTensor>>;

/** What is to be found out. `last`: once the run is over, on all there is. */
export type Depth = 'quick' | 'verdict' | 'last';

export interface Look {
  readonly check: Check;
  /** For the card. */
  readonly measuredOn: 'validation' | 'test' | 'none';
}

export interface Looker {
  /** `weights`: as they are used. */
  look(step: number, weights: Weights, depth: Depth): Promise<Look>;
  dispose(): Promise<void>;
}

/** Held-out samples that a classifier answers for while it trains, and at the end. */
const [mostAnswers, mostAtEnd] = [2_000, 100_000];
/** Drawings that a verdict is made of. */
const drawings = { flow: 200, gan: 500, vae: 500 } as const;
const drawingsAtEnd = 1_000;
const points = 1_000;

export async function openLooker(prepared: Prepared): Promise<Looker> {
  const { configured, data, order } = prepared;
  if (configured.family === 'classifier') return answering(prepared, configured.config);
  const judge = await openJudge(data, order.judge, order.threads);
  return drawing(prepared, configured, judge);
}

const nothing: Omit<Check, 'step'> = { metrics: {}, verdict: null, confusion: null, hasSheet: false };
/** Matrices of more classes would make histories of many megabytes. */
const mostClassesShown = 100;

function answering({ data, order }: Prepared, config: ClassifierConfig): Looker {
  const { validation, test } = data;
  const hasTest = test.indices.length > 0;
  return {
    look: async (step, weights, depth) => {
      const isLast = depth === 'last';
      const split = isLast && hasTest ? test : validation;
      if (split.indices.length === 0) return { check: { step, ...nothing }, measuredOn: 'none' };
      const model = { config, weights, threads: order.threads };
      const { loss, accuracy, confusion } = await answersOn(split, isLast ? mostAtEnd : mostAnswers, data, model);
      const metrics = isLast && hasTest ? { 'test.loss': loss, 'test.accuracy': accuracy } : { 'validation.loss': loss, 'validation.accuracy': accuracy }; // prettier-ignore
      const shown = data.shape.classes <= mostClassesShown ? confusion : null;
      return { check: { step, ...nothing, metrics, confusion: shown }, measuredOn: isLast && hasTest ? 'test' : 'validation' }; // prettier-ignore
    },
    dispose: () => Promise.resolve(),
  };
}

function drawing({ data, order }: Prepared, configured: GeneratorConfigured, judge: Judge | undefined): Looker {
  const { family } = configured;
  const { shape } = data;
  const verdictOf = async (drawer: Drawer, step: number, depth: Depth) => {
    if (judge === undefined || depth === 'quick') return undefined;
    const many = depth === 'last' ? drawingsAtEnd : drawings[family];
    const count = shape.kind === 'vector' ? points : many;
    const asked = Array.from({ length: count }, (_, index) => classOfIndex(index, shape.classes));
    // Behind the noise of the sheet, so that a verdict is not of the very drawings that are shown.
    const indices = asked.map((_, index) => 1_000_000 + index);
    const samples = await drawer.draw(order.seed, indices, asked);
    return judge.judge({ samples, asked: drawer.isConditional && shape.kind === 'image' ? asked : undefined, family, step }); // prettier-ignore
  };
  return {
    look: async (step, weights, depth) => {
      const drawer = await openDrawer(configured, shape, weights, order.threads);
      try {
        await drawSheet(drawer, step, { data, order });
        const judged = await verdictOf(drawer, step, depth);
        return {
          check: { step, metrics: judged?.metrics ?? {}, verdict: judged?.verdict ?? null, confusion: null, hasSheet: true }, // prettier-ignore
          measuredOn: judged === undefined ? 'none' : data.validation.indices.length > 0 ? 'validation' : 'test',
        };
      } finally {
        await drawer.dispose();
      }
    },
    dispose: async () => judge?.dispose(),
  };
}

const mostColumns = 10;
/** Sheets of large pictures have fewer rows. */
const mostSheetBytes = 400_000;

async function drawSheet(drawer: Drawer, step: number, { data, order }: Pick<Prepared, 'data' | 'order'>): Promise<void> {
  const { shape, scale } = data;
  if (shape.kind === 'vector') {
    const indices = Uint32Array.from({ length: points }, (_, index) => index);
    const drawn = await drawer.draw(order.seed, indices, indices.map((index) => classOfIndex(index, shape.classes)));
    const places = evenly(data.train.indices.length, points);
    const real = data.take(places.map((place) => data.train.indices[place] ?? 0));
    const own = (rows: Samples): Float32Array => unscaled(Float32Array.from(rows), scale ?? { means: [], spreads: [] });
    return writeSheet(order.sheets, {
      step, shape: { kind: 'row', width: shape.width }, columns: 1, count: points, samples: own(drawn), real: own(real),
    });
  }
  const { height, width, channels, classes } = shape;
  const columns = drawer.isConditional ? Math.min(mostColumns, classes) : 8;
  const rows = Math.max(2, Math.min(8, Math.floor(mostSheetBytes / (columns * sampleSize(shape)))));
  const count = columns * rows;
  const asked = Array.from({ length: count }, (_, place) => place % columns);
  const samples = await drawer.draw(order.seed, asked.map((_, place) => place), asked);
  const drawn = samples instanceof Uint8Array ? samples : new Uint8Array(0);
  return writeSheet(order.sheets, { step, shape: { kind: 'image', height, width, channels }, columns, count, samples: drawn, real: new Float32Array(0) });
} // prettier-ignore
