/** The table of all operators: exhaustive by type, looked up by domain and type at run time. */
import type { Attributes, TensorType, Value } from '../ir';
import type { AttributeKind, Cotangents, Family } from '../operator';
import type { Builder } from '../builder-type';
import type { OpName } from '../signatures';
import { activations } from './activations';
import { arithmetic } from './arithmetic';
import { blocked } from './blocked';
import { comparisons } from './comparisons';
import { constants } from './constants';
import { convolution } from './convolution';
import { dataDependent } from './data-dependent';
import { elementary } from './elementary';
import { gathering } from './gathering';
import { layout } from './layout';
import { normalization } from './normalization';
import { ordering } from './ordering';
import { pooling } from './pooling';
import { products } from './products';
import { recurrent } from './recurrent';
import { reductions } from './reductions';
import { resampling } from './resampling';
import { scattering } from './scattering';
import { selection } from './selection';

/** Every operator by name; a signature without an entry is a compile error. */
export const operators: Family<OpName> = {
  ...activations,
  ...arithmetic,
  ...blocked,
  ...comparisons,
  ...constants,
  ...convolution,
  ...dataDependent,
  ...elementary,
  ...gathering,
  ...layout,
  ...normalization,
  ...ordering,
  ...pooling,
  ...products,
  ...recurrent,
  ...reductions,
  ...resampling,
  ...scattering,
  ...selection,
};

/** An operator with the types of its call forgotten, as code that walks any graph sees it. */
export interface AnyOperator {
  readonly domain?: string;
  readonly opType?: string;
  readonly docs: string;
  readonly hasSeveralOutputs?: boolean;
  readonly attributes: Readonly<Record<string, AttributeKind>>;
  infer(call: AnyInferCall): TensorType | readonly TensorType[];
  readonly vjp: { rule(call: AnyVjpCall): Cotangents | 'missing' }['rule'] | 'zero' | 'missing';
  decompose?(call: AnyDecomposeCall): readonly Value[] | undefined;
}

interface AnyInferCall {
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: Attributes;
  readonly outputCount: number;
  fail(expected: string, code?: 'graph/shape-mismatch' | 'graph/type-mismatch'): never;
}

interface AnyVjpCall {
  readonly g: Builder;
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly (Value | undefined)[];
  readonly y: Value;
  readonly attributes: Attributes;
  readonly cotangents: readonly (Value | undefined)[];
  readonly dy: Value;
}

interface AnyDecomposeCall {
  readonly g: Builder;
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: Attributes;
}

const byDomainAndType = new Map<string, AnyOperator>();
for (const [name, operator] of Object.entries<AnyOperator>(operators)) {
  byDomainAndType.set(`${operator.domain ?? ''}:${operator.opType ?? name}`, operator);
}

/** Names of all operators, which are the names of the builder's methods. */
export const operatorNames: readonly string[] = Object.keys(operators);

const byName = new Map<string, AnyOperator>(Object.entries<AnyOperator>(operators));

/** The operator under a name of the table, which for operators outside the standard set may differ from its type in files. */
export function operatorNamed(name: string): AnyOperator | undefined {
  return byName.get(name);
}

/** The operator of a node; undefined when this library does not know it. */
export function findOperator(domain: string, opType: string): AnyOperator | undefined {
  return byDomainAndType.get(`${domain}:${opType}`);
}
