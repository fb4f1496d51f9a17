/** Initial weights, each a function of shape and random key. Fans are those of weights [out, in, ...kernel], as layers here store them. */
import { type HostTensor, elementCount, hostTensor } from '../tensor/host-tensor';
import { normals, type RandomKey, uniforms } from '../tensor/random';

/** Makes the first value of a weight. */
export type Initializer = (shape: readonly number[], key: RandomKey) => HostTensor;

/** Inputs that reach one output, and outputs that one input reaches, of weights [out, in, ...kernel]. */
export function fansOf(shape: readonly number[]): { fanIn: number; fanOut: number } {
  const [out = 1, into = 1, ...kernel] = shape;
  const field = elementCount(kernel);
  return { fanIn: into * field, fanOut: out * field };
}

const tensorOf = (shape: readonly number[], data: Float32Array): HostTensor => hostTensor('float32', shape, data);

/** One number everywhere. */
export function constant(value: number): Initializer {
  return (shape) => tensorOf(shape, new Float32Array(elementCount(shape)).fill(value));
}

export const zeros: Initializer = constant(0);
export const ones: Initializer = constant(1);

/** Normal numbers of mean 0. */
export function normal(deviation: number): Initializer {
  return (shape, key) => tensorOf(shape, normals(key, elementCount(shape), 0, deviation));
}

/** Uniform numbers in -limit..limit. */
export function uniform(limit: number): Initializer {
  return (shape, key) => tensorOf(shape, uniforms(key, elementCount(shape), -limit, limit));
}

/** N(0, gain^2 / fan_in), gain sqrt(2) for ReLU: He et al. 2015, "Delving Deep into Rectifiers", equation 10. */
export function heNormal(gain = Math.SQRT2): Initializer {
  return (shape, key) => normal(gain / Math.sqrt(fansOf(shape).fanIn))(shape, key);
}

/** U(-l, l), l = gain sqrt(3 / fan_in): the uniform form of He's. */
export function heUniform(gain = Math.SQRT2): Initializer {
  return (shape, key) => uniform(gain * Math.sqrt(3 / fansOf(shape).fanIn))(shape, key);
}

/** U(-l, l), l = sqrt(6 / (fan_in + fan_out)): Glorot and Bengio 2010, equation 16. */
export const glorotUniform: Initializer = (shape, key) => {
  const { fanIn, fanOut } = fansOf(shape);
  return uniform(Math.sqrt(6 / (fanIn + fanOut)))(shape, key);
};

/** N(0, 1 / fan_in): LeCun et al. 1998, "Efficient BackProp", 4.6. */
export const leCunNormal: Initializer = (shape, key) => normal(1 / Math.sqrt(fansOf(shape).fanIn))(shape, key);

/** U(-1/sqrt(fan_in), 1/sqrt(fan_in)): what PyTorch gives its linear and convolution layers. */
export const fanInUniform: Initializer = (shape, key) => uniform(1 / Math.sqrt(fansOf(shape).fanIn))(shape, key);

/** Orthonormal rows (or columns, where there are fewer) times `gain`: Saxe et al. 2014, by Gram and Schmidt on a normal matrix. */
export function orthogonal(gain = 1): Initializer {
  return (shape, key) => {
    const rows = shape[0] ?? 1;
    const columns = elementCount(shape) / Math.max(rows, 1);
    const isTall = rows > columns;
    const [count, length] = isTall ? [columns, rows] : [rows, columns];
    const vectors = orthonormal(count, length, normals(key, rows * columns));
    const data = new Float32Array(rows * columns);
    for (let k = 0; k < count; k++) {
      for (let i = 0; i < length; i++) data[isTall ? i * columns + k : k * columns + i] = gain * (vectors[k]?.[i] ?? 0);
    }
    return tensorOf(shape, data);
  };
}

/** `count` orthonormal vectors; each is cleared of the earlier ones twice, which keeps rounding errors down. */
function orthonormal(count: number, length: number, numbers: Float32Array): Float64Array[] {
  const basis: Float64Array[] = [];
  for (let k = 0; k < count; k++) {
    const vector = Float64Array.from(numbers.subarray(k * length, (k + 1) * length));
    for (const earlier of [...basis, ...basis]) {
      const share = dot(vector, earlier);
      for (let i = 0; i < length; i++) vector[i] = (vector[i] ?? 0) - share * (earlier[i] ?? 0);
    }
    const norm = Math.sqrt(dot(vector, vector));
    basis.push(vector.map((x) => x / norm));
  }
  return basis;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
}
