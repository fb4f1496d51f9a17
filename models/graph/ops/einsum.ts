/** Einsum: inference from the equation, and a gradient that is itself an Einsum per operand. */
import { contradictoryDims, type Dim, unknownDim } from '../../tensor/shape';
import type { TensorType, Value } from '../ir';
import type { InferCall, VjpCall } from '../operator';
import { unbroadcast } from './rules';

interface Equation {
  readonly terms: readonly string[];
  readonly result: string;
}

/** Splits "bij,bjk->bik"; without an arrow the result has every letter that occurs once, in alphabetical order. */
function parseEquation(equation: string): Equation {
  const [left = '', right] = equation.replace(/\s/g, '').split('->');
  const terms = left.split(',');
  if (right !== undefined) return { terms, result: right };
  const letters = Array.from(left.replace(/[.,]/g, '')).sort();
  const once = letters.filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter));
  return { terms, result: (left.includes('...') ? '...' : '') + once.join('') };
}

/** Stands for the axes of `...`, so that every term is a plain list of letters: the k-th from the right is the k-th here. */
const hidden = '0123456789';

function spelledOut(term: string, rank: number): string {
  const missing = Math.max(0, rank - term.replace('...', '').length);
  return term.replace('...', hidden.slice(hidden.length - missing));
}

function spell(equation: string, inputs: readonly Value[]): Equation {
  const parsed = parseEquation(equation);
  const terms = parsed.terms.map((term, index) => spelledOut(term, inputs[index]?.rank ?? 0));
  const most = Math.max(0, ...terms.map((term) => Array.from(term).filter((letter) => hidden.includes(letter)).length));
  return { terms, result: parsed.result.replace('...', hidden.slice(hidden.length - most)) };
}

/** @throws ModelError when a term has another number of letters than its operand has axes, or a letter two sizes. */
export function inferEinsum(call: InferCall<'Einsum'>): TensorType {
  const [first] = call.inputs;
  if (first === undefined) return call.fail('at least one input');
  const { terms, result } = spell(call.attributes.equation, call.inputs);
  if (terms.length !== call.inputs.length) return call.fail(`one term an input in "${call.attributes.equation}"`);
  const sizes = new Map<string, Dim>();
  call.inputs.forEach((input, index) => {
    const letters = terms[index] ?? '';
    if (letters.length !== input.rank) call.fail(`as many letters as axes in term "${letters}"`);
    if (new Set(letters).size !== letters.length) call.fail(`no letter twice in term "${letters}"`);
    Array.from(letters).forEach((letter, axis) => {
      const dim = input.shape[axis] ?? unknownDim;
      const known = sizes.get(letter);
      if (known === undefined || known === 1) sizes.set(letter, dim);
      else if (dim !== 1 && contradictoryDims(known, dim))
        call.fail(`one size for "${letter}", got ${known} and ${dim}`);
    });
  });
  return { dtype: first.dtype, shape: Array.from(result).map((letter) => sizes.get(letter) ?? unknownDim) };
}

/** The cotangent of operand k is the Einsum of dY with the other operands; letters that only k has are repeated. */
export function vjpEinsum({ g, inputs, attributes, dy }: VjpCall<'Einsum'>): Value[] {
  const { terms, result } = spell(attributes.equation, inputs);
  const free = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz').filter((letter) => !attributes.equation.includes(letter)); // prettier-ignore
  const letters = new Map(Array.from(hidden).map((digit, index) => [digit, free[index] ?? '']));
  const plain = (term: string): string =>
    Array.from(term)
      .map((letter) => letters.get(letter) ?? letter)
      .join('');
  return inputs.map((input, k) => {
    const own = terms[k] ?? '';
    const others = terms.filter((_, index) => index !== k);
    const reachable = Array.from(own).filter(
      (letter) => result.includes(letter) || others.some((term) => term.includes(letter)),
    );
    const equation = `${[result, ...others].map(plain).join(',')}->${plain(reachable.join(''))}`;
    const reduced = g.Einsum(dy, ...inputs.filter((_, index) => index !== k), { equation });
    if (reachable.length === own.length) return unbroadcast(g, reduced, input);
    const alone = Array.from(own).flatMap((letter, axis) => (reachable.includes(letter) ? [] : [axis]));
    const opened = g.Unsqueeze(reduced, alone); // size 1 where the letter is gone
    return g.Expand(unbroadcast(g, opened, input), g.shapeOf(input));
  });
}
