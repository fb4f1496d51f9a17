/** Declared types of graph inputs, outputs and inner values. */
import { create } from '@bufbuild/protobuf';
import { type DType, dtypeNumber, dtypeOfNumber } from '../tensor/dtype';
import { unknownDim } from '../tensor/shape';
import {
  type GraphProto,
  TensorProto_DataType,
  type TensorShapeProto_Dimension,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './proto/onnx_pb';

/** One axis as a file declares it: a size, a name that stands for any size, or '?' when nothing is said. */
export type Axis = number | string;

/** A declared tensor: `axes` is undefined when the file leaves even the number of axes open. */
export interface TensorValue {
  readonly name: string;
  readonly dtype: DType | undefined;
  readonly axes: readonly Axis[] | undefined;
}

/** Declares a tensor: element type and one size or name per axis. */
export function valueInfo(name: string, dtype: DType, axes: readonly Axis[]): ValueInfoProto {
  const dim = axes.map((axis) => {
    if (typeof axis === 'number') return { value: { case: 'dimValue', value: BigInt(axis) } as const };
    return axis === unknownDim ? {} : { value: { case: 'dimParam', value: axis } as const };
  });
  const tensorType = { elemType: dtypeNumber(dtype), shape: { dim } };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value: tensorType } } });
}

/** Reads a declaration; undefined when it is no tensor (a sequence, a map, an optional value). */
export function tensorValue(value: ValueInfoProto): TensorValue | undefined {
  if (value.type?.value.case !== 'tensorType') return undefined;
  const { elemType, shape } = value.type.value.value;
  return { name: value.name, dtype: dtypeOfNumber(elemType), axes: shape?.dim.map(axisOf) };
}

function axisOf(dim: TensorShapeProto_Dimension): Axis {
  if (dim.value.case === 'dimValue') return dim.value.value > 0n ? Number(dim.value.value) : '?';
  if (dim.value.case === 'dimParam' && dim.value.value !== '') return dim.value.value;
  return '?';
}

/** What the caller must feed: inputs without those that an initializer already fills (files before IR 4 list both). */
export function feedsOf(graph: GraphProto): ValueInfoProto[] {
  const filled = new Set(graph.initializer.map((tensor) => tensor.name));
  for (const sparse of graph.sparseInitializer) filled.add(sparse.values?.name ?? '');
  return graph.input.filter((input) => !filled.has(input.name));
}

/** A declaration as text: `float32 [N, 3, 224, 224]`. */
export function typeText(value: ValueInfoProto): string {
  const tensor = tensorValue(value);
  if (tensor === undefined) return value.type?.value.case?.replace('Type', '') ?? 'unknown';
  const raw = value.type?.value.case === 'tensorType' ? value.type.value.value.elemType : 0;
  const dtype = tensor.dtype ?? (TensorProto_DataType[raw] ?? `type ${raw}`).toLowerCase();
  return tensor.axes === undefined ? dtype : `${dtype} [${tensor.axes.join(', ')}]`;
}
