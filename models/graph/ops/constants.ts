/** Tensors that a node makes from its attributes, from sizes or from bounds. Short whole numbers stay known to inference. */
import { dtypeOfNumber } from '../../tensor/dtype';
import { elementCount, hostTensor } from '../../tensor/host-tensor';
import { type Dim, isStatic, unknownDim } from '../../tensor/shape';
import { constantType, longestKnown } from '../constant-type';
import type { TensorType } from '../ir';
import type { Family, InferCall } from '../operator';

export const constants: Family<'Constant' | 'ConstantOfShape' | 'Range' | 'EyeLike'> = {
  Constant: {
    docs: 'The tensor in `value`; the other attributes hold a scalar or a vector of float32, int64 or text.',
    attributes: {
      value: 'tensor',
      value_float: 'float',
      value_floats: 'floats',
      value_int: 'int',
      value_ints: 'ints',
      value_string: 'string',
      value_strings: 'strings',
    },
    infer: inferConstant,
    vjp: 'zero',
  },
  ConstantOfShape: {
    docs: 'A tensor of the sizes in `input`, every element that of `value`, a tensor of one element (float32 0).',
    attributes: { value: 'tensor' },
    infer: (call) => {
      const [sizes] = call.inputs;
      const { value = hostTensor('float32', [1], Float32Array.of(0)) } = call.attributes;
      if (sizes.dtype !== 'int64' || sizes.rank !== 1) return call.fail('an int64 vector of sizes');
      if (value.data.length !== 1) return call.fail(`a value of one element, got ${value.data.length}`);
      const [length = unknownDim] = sizes.shape;
      if (typeof length !== 'number') return call.fail('a known number of sizes');
      const shape = sizes.type?.elements ?? Array.from({ length }, () => unknownDim);
      const [element] = constantType({ ...value, dims: [1] }).elements ?? [];
      const isShort = shape.length <= 1 && isStatic(shape) && elementCount(shape) <= longestKnown;
      if (element === undefined || !isShort) return { dtype: value.dtype, shape };
      return { dtype: value.dtype, shape, elements: Array.from({ length: elementCount(shape) }, () => element) };
    },
    vjp: 'zero',
  },
  Range: {
    docs: 'start, start + delta, start + 2 delta, ... up to before limit: three scalars make a vector.',
    attributes: {},
    infer: inferRange,
    vjp: ({ g, inputs: [start, , delta], y, dy }) => {
      const steps = g.Div(g.Sub(y, start), delta); // 0, 1, 2, ...
      const total = (weighted: typeof dy) => g.ReduceSum(weighted, { keepdims: 0 });
      return [total(dy), undefined, total(g.Mul(dy, steps))];
    },
  },
  EyeLike: {
    docs: 'A matrix of the shape of X with ones on its k-th (0) diagonal, counted upwards, zeros elsewhere; element type that of X unless `dtype` names one.',
    attributes: { dtype: 'int', k: 'int' },
    infer: (call) => {
      const [x] = call.inputs;
      const dtype = call.attributes.dtype === undefined ? x.dtype : dtypeOfNumber(call.attributes.dtype);
      if (dtype === undefined) return call.fail('an element type that is known here', 'graph/type-mismatch');
      if (x.rank !== 2) return call.fail('a matrix');
      return { dtype, shape: x.shape };
    },
    vjp: 'zero',
  },
};

/** Unknown where the attribute is none of these: sparse tensors, element types that this library does not compute with. */
function inferConstant({ attributes }: InferCall<'Constant'>): TensorType | readonly TensorType[] {
  const { value, value_float, value_floats, value_int, value_ints, value_string, value_strings } = attributes;
  if (value && 'dims' in value && 'dtype' in value) return constantType(value);
  if (value_float !== undefined) return { dtype: 'float32', shape: [] };
  if (value_floats) return { dtype: 'float32', shape: [value_floats.length] };
  if (value_int !== undefined) return { dtype: 'int64', shape: [], elements: [value_int] };
  if (value_ints) return { dtype: 'int64', shape: [value_ints.length], elements: value_ints };
  if (value_string !== undefined) return { dtype: 'string', shape: [] };
  if (value_strings) return { dtype: 'string', shape: [value_strings.length] };
  return [];
}

function inferRange(call: InferCall<'Range'>): TensorType {
  const [first] = call.inputs;
  if (call.inputs.some((value) => value.dtype !== first.dtype))
    return call.fail('start, limit and delta of one element type', 'graph/type-mismatch');
  if (call.inputs.some((value) => value.rank > 1)) return call.fail('scalars');
  const [start, limit = unknownDim, delta] = call.inputs.map((value): Dim | undefined => value.type?.elements?.[0]);
  const { dtype } = first;
  if (typeof start !== 'number' || typeof limit !== 'number' || typeof delta !== 'number')
    return { dtype, shape: [start === 0 && delta === 1 ? limit : unknownDim] };
  if (delta === 0) return call.fail('a delta that is not 0');
  const length = Math.max(0, Math.ceil((limit - start) / delta));
  if (length > longestKnown) return { dtype, shape: [length] };
  return { dtype, shape: [length], elements: Array.from({ length }, (_, k) => start + k * delta) };
}
