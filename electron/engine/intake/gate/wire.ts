/** Reads protobuf's wire format with a bound on everything: no recursion here, no allocation by declared lengths. */
import { AppError } from '../../../contract/errors';

/** A stretch of the file: from byte `start` up to, not including, byte `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** One field as it lies in the file; `value` for numbers, `range` for everything with a length. */
export type WireField =
  | { readonly no: number; readonly wire: 'varint'; readonly value: bigint }
  | { readonly no: number; readonly wire: 'fixed32' | 'fixed64' | 'bytes'; readonly range: Range };

/** The sentence for files whose inner structure does not hold. */
export function damaged(what: string, at: number): AppError {
  return new AppError('model/damaged', `The model file is damaged: ${what} (near byte ${at}).`, { at });
}

/** Steps through the fields of one message. */
export class WireReader {
  constructor(
    private readonly bytes: Uint8Array,
    private at: number,
    private readonly end: number,
  ) {}

  get position(): number {
    return this.at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.end;
  }

  /** The next field; throws `model/damaged` when it does not fit into its message. */
  next(): WireField {
    const tag = this.varint();
    const no = Number(tag >> 3n);
    if (tag > 0xffffffffn || no === 0) throw damaged('a field has an impossible number', this.at);
    switch (Number(tag & 7n)) {
      case 0:
        return { no, wire: 'varint', value: this.varint() };
      case 1:
        return { no, wire: 'fixed64', range: this.take(8) };
      case 2:
        return { no, wire: 'bytes', range: this.take(this.length()) };
      case 5:
        return { no, wire: 'fixed32', range: this.take(4) };
      default:
        throw damaged('a field has an unknown form', this.at);
    }
  }

  /** One variable-length number, 0..2^64-1. */
  varint(): bigint {
    let low = 0;
    let high = 0n;
    for (let index = 0; index < 10; index++) {
      const byte = this.at < this.end ? this.bytes[this.at] : undefined;
      if (byte === undefined) throw damaged('it ends inside a number', this.at);
      this.at += 1;
      const part = byte & 0x7f;
      if (index < 4) low |= part << (7 * index);
      else high |= BigInt(part) << BigInt(7 * index);
      if (byte < 0x80) return high === 0n ? BigInt(low) : BigInt.asUintN(64, high | BigInt(low));
    }
    throw damaged('a number is longer than ten bytes', this.at);
  }

  private length(): number {
    const length = this.varint();
    if (length > BigInt(this.end - this.at)) throw damaged('a part is longer than what contains it', this.at);
    return Number(length);
  }

  private take(length: number): Range {
    if (length > this.end - this.at) throw damaged('it ends inside a value', this.at);
    const start = this.at;
    this.at += length;
    return { start, end: this.at };
  }
}

/** How many variable-length numbers a packed stretch holds; throws when it ends inside one. */
export function countPackedVarints(bytes: Uint8Array, range: Range): number {
  let count = 0;
  for (let at = range.start; at < range.end; at++) if ((bytes[at] ?? 0) < 0x80) count += 1;
  if (range.end > range.start && (bytes[range.end - 1] ?? 0) >= 0x80)
    throw damaged('it ends inside a number', range.end);
  return count;
}
