/** Thrift's compact protocol as Parquet uses it, with a bound on everything: depth, lists, lengths, numbers. */
import { AppError } from '../../../contract/errors';

export type ThriftValue = number | boolean | Uint8Array | readonly ThriftValue[] | ThriftStruct;
/** Values by field number. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;

const maxDepth = 32;

/** Fails with `data/damaged`; a struct that is nested too deeply is `data/bomb`. */
export function readThrift(bytes: Uint8Array, from: number): { struct: ThriftStruct; end: number } {
  const reader = new Reader(bytes, from);
  const struct = reader.struct(0);
  return { struct, end: reader.at };
}

const damaged = (): AppError =>
  new AppError('data/damaged', 'The Parquet file is damaged: its description cannot be read.');

class Reader {
  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
  ) {}

  struct(depth: number): ThriftStruct {
    if (depth > maxDepth) throw new AppError('data/bomb', 'The description of the Parquet file is nested too deeply.');
    const fields = new Map<number, ThriftValue>();
    for (let field = 0; ;) {
      const head = this.byte();
      const type = head & 15;
      if (type === 0) return fields;
      field = head >> 4 === 0 ? this.number() : field + (head >> 4);
      fields.set(field, this.value(type, depth));
    }
  }

  private value(type: number, depth: number): ThriftValue {
    if (type === 1) return true;
    if (type === 2) return false;
    if (type === 3) return this.byte();
    if (type >= 4 && type <= 6) return this.number();
    if (type === 7) return this.double();
    if (type === 8) return this.take(this.unsigned());
    if (type === 9) return this.list(depth);
    if (type === 12) return this.struct(depth + 1);
    throw damaged();
  }

  private list(depth: number): ThriftValue[] {
    const head = this.byte();
    const length = head >> 4 === 15 ? this.unsigned() : head >> 4;
    const type = head & 15;
    // Each element takes a byte at least.
    if (length > this.bytes.length - this.at) throw damaged();
    return Array.from({ length }, () => (type <= 2 ? this.byte() === 1 : this.value(type, depth + 1)));
  }

  private byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw damaged();
    return byte;
  }

  private take(length: number): Uint8Array {
    if (length > this.bytes.length - this.at) throw damaged();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  private double(): number {
    const bytes = this.take(8);
    return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true);
  }

  private unsigned(): number {
    const value = this.variable();
    if (value > 0xffff_ffffn) throw damaged();
    return Number(value);
  }

  /** Zigzag; numbers beyond 2^53 lose digits, which no length may have. */
  private number(): number {
    const value = this.variable();
    return Number((value & 1n) === 1n ? -((value + 1n) >> 1n) : value >> 1n);
  }

  private variable(): bigint {
    let low = 0;
    for (let count = 0; count < 4; count++) {
      const byte = this.byte();
      low += (byte & 127) * 128 ** count;
      if (byte < 128) return BigInt(low);
    }
    let value = BigInt(low);
    for (let count = 4; count < 10; count++) {
      const byte = this.byte();
      value += BigInt(byte & 127) << BigInt(7 * count);
      if (byte < 128) return value;
    }
    throw damaged();
  }
}
