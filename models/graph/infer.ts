/** Shape and type inference: looks the operator up, runs its rule, and words what does not fit. */
import { ModelError } from '../errors';
import { shapeText } from '../tensor/shape';
import type { Attributes, TensorType, Value } from './ir';
import { findOperator } from './ops/table';
import { callerPlace } from './place';

/** A node before it has outputs. */
export interface InferredCall {
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: Attributes;
  readonly outputCount: number;
}

/**
 * The types of a node's outputs; [] behind unknown operators and behind inputs of unknown type.
 * @throws ModelError `graph/shape-mismatch`, `graph/type-mismatch` with operator, expectation and the inputs' types.
 */
export function inferTypes(call: InferredCall): readonly (TensorType | undefined)[] {
  const operator = findOperator(call.domain, call.op);
  if (operator === undefined || call.inputs.some((value) => value !== undefined && value.type === undefined)) return [];
  const fail = (
    expected: string,
    code: 'graph/shape-mismatch' | 'graph/type-mismatch' = 'graph/shape-mismatch',
  ): never => {
    const place = callerPlace();
    throw new ModelError(code, `${callText(call)}: ${expected}${place === '' ? '' : ` (${place})`}.`, {
      operator: call.op,
      expected,
      got: call.inputs.map(typeTextOf),
      place,
    });
  };
  const types = operator.infer({ ...call, fail });
  return 'dtype' in types ? [types] : types;
}

/** The types where the rules apply; [] where they refuse, as for nodes of files whose axes only a run computes. */
export function inferLeniently(call: InferredCall): readonly (TensorType | undefined)[] {
  return leniently(() => inferTypes(call));
}

/** What `infer` gives; [] where it refuses. */
export function leniently(infer: () => readonly (TensorType | undefined)[]): readonly (TensorType | undefined)[] {
  try {
    return infer();
  } catch (error) {
    if (error instanceof ModelError || error instanceof TypeError) return [];
    throw error;
  }
}

/** A call as text: `MatMul(x float32 [2, 3], w float32 [4, 5])`. */
export function callText(call: Pick<InferredCall, 'op' | 'inputs'>): string {
  const inputs = call.inputs.map((value) => (value === undefined ? '-' : `${value.name} ${typeTextOf(value)}`));
  return `${call.op}(${inputs.join(', ')})`;
}

function typeTextOf(value: Value | undefined): string {
  return value?.type ? `${value.type.dtype} ${shapeText(value.type.shape)}` : 'unknown';
}
