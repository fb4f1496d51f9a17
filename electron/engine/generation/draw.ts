/** Drawing for a screen: numbered samples, samples between two, samples of a plane, each with what a judge says of it. */
import type { Draw, Drawn } from '../../contract/drawing';
import type { generationContract } from '../../contract/generation';
import type { RequestOf } from '../../contract/rpc';
import type { CallContext } from '../../contract/server';
import type { DrawingModel, ModelRegistry } from '../models/registry';
import type { Workers } from '../studio/workers';
import { checkControls, checkIndices, classOf } from './asked';
import type { Drawer, Noise } from './drawer';
import { judgeSamples } from './judging';
import { noiseBetween, noiseOnPlane } from './noise';

export interface DrawDeps {
  readonly registry: ModelRegistry;
  readonly workers: Workers;
  readonly drawer: Drawer;
}

type Request<K extends keyof (typeof generationContract)['calls']> = RequestOf<typeof generationContract, K>;
/** Which sample it is: its number, and the class asked for. */
type Asked = Pick<Drawn['items'][number], 'index' | 'class'>;

/** Of the progress, while the judge has not read yet. */
const drawingShare = 0.9;

export function drawThese(
  deps: DrawDeps,
  request: Draw & { readonly indices: readonly number[]; readonly judge: string | null },
  context: CallContext,
): Promise<Drawn> {
  const model = deps.registry.generator(request.model);
  const { indices, seed } = request;
  checkIndices(indices);
  const asked = indices.map((index) => ({ index, class: classOf(model.card, request.class, index) }));
  return draw(deps, { model, request, noise: { kind: 'numbered', seed, indices }, asked }, context);
}

/** The first half of the way with the class of the start, the second with that of the end. */
export function drawBetween(
  deps: DrawDeps,
  request: Request<'generation.between'>,
  context: CallContext,
): Promise<Drawn> {
  const model = deps.registry.generator(request.model);
  const { start, end, count } = request;
  checkIndices([start.index, end.index]);
  const [first, last] = [start, end].map((place) => ({
    index: place.index,
    class: classOf(model.card, place.class ?? request.class, place.index),
  }));
  const asked = Array.from({ length: count }, (_, k): Asked => {
    const isStart = k === 0 || 2 * k < count - 1;
    const end = (isStart ? first : last) ?? { index: null, class: null };
    return { index: k === 0 || k === count - 1 ? end.index : null, class: end.class };
  });
  const numbers = noiseBetween(start, end, count, model.card.input.noiseWidth);
  return draw(deps, { model, request, noise: { kind: 'given', numbers }, asked }, context);
}

/** Asked for no class, a plane is of the class of number 0. */
export function drawPlane(deps: DrawDeps, request: Request<'generation.plane'>, context: CallContext): Promise<Drawn> {
  const model = deps.registry.generator(request.model);
  const { points, seed } = request;
  const asked = points.map(() => ({ index: null, class: classOf(model.card, request.class, 0) }));
  const numbers = noiseOnPlane(seed, points, model.card.input.noiseWidth);
  return draw(deps, { model, request, noise: { kind: 'given', numbers }, asked }, context);
}

interface Work {
  readonly model: DrawingModel;
  readonly request: Draw & { readonly judge: string | null };
  readonly noise: Noise;
  readonly asked: readonly Asked[];
}

async function draw(
  { registry, workers, drawer }: DrawDeps,
  { model, request, noise, asked }: Work,
  { signal, progress }: CallContext,
): Promise<Drawn> {
  const { card } = model;
  const { controls } = request;
  checkControls(card, controls);
  const judge = request.judge === null ? null : registry.runnable(request.judge);
  const classes = asked.flatMap((one) => (one.class === null ? [] : [one.class]));
  const share = judge === null ? 1 : drawingShare;
  const work = { model, noise, classes, controls };
  const { samples, ms } = await drawer.draw(work, signal, (part) => progress(part * share));
  const judged = judge === null ? undefined : await judgeSamples(workers, judge, card, samples, signal);
  const items = asked.map((one, k) => ({ ...one, judged: judged?.[k] ?? null }));
  return { shape: card.outputs.shape, samples: Uint8Array.from(samples), items, ms };
}
