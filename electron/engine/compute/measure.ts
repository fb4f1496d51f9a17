/** Compares sets of features. The inner products, which are nearly all of the work, are made by the same runtime that runs the models. */
import type { Measurement, Measuring } from '../../contract/measuring';
import { frechetDistance } from '../../../models/metrics/distances';
import { type Features, features, rowsAt } from '../../../models/metrics/features';
import {
  fidelityOf,
  kernelDistanceOf,
  type ProductsOfPair,
  smallest,
  squaredLengths,
  squaresOf,
  type Table,
} from '../../../models/metrics/from-products';
import { createBuilder } from '../../../models/graph/builder';
import { encodeModel } from '../../../models/graph/encode';
import { encodeGraph } from '../../../models/graph/encode-graph';
import { createSession, type Session } from '../../../models/runtime/session';
import { hostTensor } from '../../../models/tensor/host-tensor';
import { streamOf, uniforms } from '../../../models/tensor/random';
import { AppError } from '../../contract/errors';

/** The Frechet distance takes the cube of the width in time; wider features have the kernel distance. */
const widestFrechet = 512;

export async function measure(request: Measuring, threads: number): Promise<Measurement> {
  const session = await createSession(productModel(request.width), { provider: 'cpu', threads, sharesCores: true });
  try {
    switch (request.kind) {
      case 'distances':
        return await distances(session, request);
      case 'fidelity':
        return await fidelity(session, request);
      case 'nearest':
        return await nearest(session, request);
    }
  } finally {
    await session.dispose();
  }
}

type Of<Kind extends Measuring['kind']> = Extract<Measuring, { kind: Kind }>;

async function distances(session: Session, request: Of<'distances'>): Promise<Measurement> {
  const { width, seed, resamples } = request;
  const [real, drawn] = [rowsOf(request.real, width), rowsOf(request.drawn, width)];
  const { value, standardError } = kernelDistanceOf(await pairOf(session, real, drawn), width, seed);
  const kernel = { value, deviation: standardError };
  if (width > widestFrechet) return { kind: 'distances', frechet: null, kernel };
  const again = Array.from({ length: resamples }, (_, step) =>
    frechetDistance(real, rowsAt(drawn, resampled(drawn.count, seed, step))),
  );
  const frechet = { value: frechetDistance(real, drawn), deviation: again.length < 2 ? null : deviationOf(again) };
  return { kind: 'distances', frechet, kernel };
}

/** Places drawn with replacement. */
function resampled(count: number, seed: number, step: number): Uint32Array {
  const drawn = uniforms({ seed, stream: streamOf('resample'), step }, count);
  return Uint32Array.from(drawn, (share) => Math.min(count - 1, Math.floor(share * count)));
}

function deviationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  return Math.sqrt(values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (values.length - 1));
}

async function fidelity(session: Session, request: Of<'fidelity'>): Promise<Measurement> {
  const [real, drawn] = [rowsOf(request.real, request.width), rowsOf(request.drawn, request.width)];
  const products = await pairOf(session, real, drawn);
  const [a, b] = [squaredLengths(real), squaredLengths(drawn)];
  const squares = {
    real: squaresOf(products.real, a, a),
    drawn: squaresOf(products.drawn, b, b),
    between: squaresOf(products.between, b, a),
  };
  return { kind: 'fidelity', ...fidelityOf(squares, request.k) };
}

async function nearest(session: Session, request: Of<'nearest'>): Promise<Measurement> {
  const [rows, among] = [rowsOf(request.rows, request.width), rowsOf(request.among, request.width)];
  const most = Math.min(request.most, among.count);
  const products = await productsOf(session, rows, among);
  const squares = squaresOf(products, squaredLengths(rows), squaredLengths(among));
  const places = new Int32Array(rows.count * request.most).fill(-1);
  const lengths = new Float32Array(rows.count * request.most).fill(Infinity);
  for (let row = 0; row < rows.count; row++) {
    const few = smallest(squares.data.subarray(row * among.count, (row + 1) * among.count), most);
    // Products in float32 leave little of a short distance: the few are measured again.
    const exact = [...few].map((place) => ({ place, distance: distanceOf(rows, row, among, place) }));
    exact.sort((p, q) => p.distance - q.distance || p.place - q.place);
    exact.forEach(({ place, distance }, at) => {
      places[row * request.most + at] = place;
      lengths[row * request.most + at] = distance;
    });
  }
  return { kind: 'nearest', places: new Uint8Array(places.buffer), distances: new Uint8Array(lengths.buffer) };
}

function distanceOf(a: Features, i: number, b: Features, j: number): number {
  let sum = 0;
  for (let k = 0; k < a.width; k++) sum += ((a.data[i * a.width + k] ?? 0) - (b.data[j * b.width + k] ?? 0)) ** 2;
  return Math.sqrt(sum);
}

async function pairOf(session: Session, real: Features, drawn: Features): Promise<ProductsOfPair> {
  return {
    real: await productsOf(session, real, real),
    drawn: await productsOf(session, drawn, drawn),
    between: await productsOf(session, drawn, real),
  };
}

/** Messages may bring bytes at any address. */
function rowsOf(bytes: Uint8Array, width: number): Features {
  return features(width, new Float32Array(Uint8Array.from(bytes).buffer));
}

async function productsOf(session: Session, a: Features, b: Features): Promise<Table> {
  const feeds = {
    a: hostTensor('float32', [a.count, a.width], a.data),
    b: hostTensor('float32', [b.count, b.width], b.data),
  };
  const { products } = await session.run(feeds);
  if (products?.dtype !== 'float32') throw new AppError('engine/internal', 'A product of matrices has no numbers.');
  return { rows: a.count, columns: b.count, data: products.data };
}

/** [N, width] and [M, width] to their inner products [N, M]. */
function productModel(width: number): Uint8Array {
  const g = createBuilder();
  const [a, b] = [g.input('a', 'float32', ['N', width]), g.input('b', 'float32', ['M', width])];
  g.output('products', g.Gemm(a, b, undefined, { transB: 1 }));
  return encodeModel(encodeGraph(g.build('products')));
}
