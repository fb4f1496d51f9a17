/** Comparisons and logic: results are truth values or bit patterns, so no gradient passes. */
import type { Family, Operator } from '../operator';
import type { OpName } from '../signatures';
import { inferBroadcast, inferSame } from './rules';

type Truth = 'Equal' | 'Greater' | 'GreaterOrEqual' | 'Less' | 'LessOrEqual' | 'And' | 'Or' | 'Xor';
type Comparison = Truth | 'Not' | 'IsNaN' | 'BitwiseAnd' | 'BitwiseOr' | 'BitwiseXor' | 'BitwiseNot' | 'BitShift';

function truth(docs: string): Operator<Truth & OpName> {
  return { docs, attributes: {}, infer: (call) => inferBroadcast(call, 'bool'), vjp: 'zero' };
}

function bits(docs: string): Operator<'BitwiseAnd' | 'BitwiseOr' | 'BitwiseXor'> {
  return { docs, attributes: {}, infer: (call) => inferBroadcast(call), vjp: 'zero' };
}

export const comparisons: Family<Comparison> = {
  Equal: truth('A = B.'),
  Greater: truth('A > B.'),
  GreaterOrEqual: truth('A >= B.'),
  Less: truth('A < B.'),
  LessOrEqual: truth('A <= B.'),
  And: truth('A and B.'),
  Or: truth('A or B.'),
  Xor: truth('Either A or B.'),
  Not: { docs: 'Not X.', attributes: {}, infer: inferSame, vjp: 'zero' },
  IsNaN: {
    docs: 'Whether X is no number.',
    attributes: {},
    infer: ({ inputs: [x] }) => ({ dtype: 'bool', shape: x.shape }),
    vjp: 'zero',
  },
  BitwiseAnd: bits('Bits set in A and B.'),
  BitwiseOr: bits('Bits set in A or B.'),
  BitwiseXor: bits('Bits set in one of A and B.'),
  BitwiseNot: { docs: 'Every bit turned over.', attributes: {}, infer: inferSame, vjp: 'zero' },
  BitShift: {
    docs: 'Bits of A moved by B places, direction LEFT or RIGHT.',
    attributes: { direction: 'string' },
    infer: (call) => inferBroadcast(call),
    vjp: 'zero',
  },
};
