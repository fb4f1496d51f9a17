/**
 * The messages of a model file as a light tree: structure, names and small numbers, never the weights. The schema of the ONNX format
 * tells which fields nest; all reading and every bound is ours, so that the general decoder only ever sees what passed here.
 */
import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { AppError } from '../../../contract/errors';
import { countPackedVarints, damaged, type Range, type WireField, WireReader } from './wire';

/** Bounds of the tree. */
export interface TreeLimits {
  /** Messages within messages. */
  readonly maxNesting: number;
  /** Messages, names and numbers kept, of all kinds together. */
  readonly maxParts: number;
}

/** What is known of one field of one message. */
export interface Field {
  /** Elements in the file, also of those that are not kept. */
  count: number;
  readonly numbers: bigint[];
  readonly ranges: Range[];
  readonly messages: Message[];
}

/** One message: type name of the schema and the fields that are present, by name. */
export interface Message {
  readonly type: string;
  readonly fields: ReadonlyMap<string, Field>;
}

/** Longest list of numbers that is kept; longer ones are only counted (weights in typed fields, long attributes). */
const keptNumbers = 64;

const widths = new Map<ScalarType, number>([
  [ScalarType.FLOAT, 4],
  [ScalarType.FIXED32, 4],
  [ScalarType.SFIXED32, 4],
  [ScalarType.DOUBLE, 8],
  [ScalarType.FIXED64, 8],
  [ScalarType.SFIXED64, 8],
]);

/**
 * Reads the whole file against the schema. Throws `model/damaged` where the structure breaks (fields of the wrong form, single fields
 * given twice, names that are not text), `model/too-deep` and `model/too-many-nodes` beyond the limits.
 */
export function readMessageTree(bytes: Uint8Array, schema: DescMessage, limits: TreeLimits): Message {
  return new TreeReader(bytes, limits).message(schema, { start: 0, end: bytes.byteLength }, 0);
}

class TreeReader {
  private parts = 0;
  private readonly text = new TextDecoder('utf-8', { fatal: true });

  constructor(
    private readonly bytes: Uint8Array,
    private readonly limits: TreeLimits,
  ) {}

  message(schema: DescMessage, range: Range, depth: number): Message {
    if (depth > this.limits.maxNesting) {
      throw new AppError('model/too-deep', `The model nests more than ${this.limits.maxNesting} levels deep.`, {
        limit: this.limits.maxNesting,
      });
    }
    this.count(1);
    const fields = new Map<string, Field>();
    const byNumber = fieldsByNumber(schema);
    const reader = new WireReader(this.bytes, range.start, range.end);
    while (!reader.isAtEnd) {
      const wire = reader.next();
      const field = byNumber.get(wire.no);
      if (field === undefined) continue; // newer fields are passed over, as every reader of the format does
      let known = fields.get(field.name);
      if (known === undefined) fields.set(field.name, (known = { count: 0, numbers: [], ranges: [], messages: [] }));
      else if (field.fieldKind !== 'list') throw damaged(`"${field.name}" is given twice`, reader.position);
      this.add(known, field, wire, depth);
    }
    return { type: schema.name, fields };
  }

  private add(known: Field, field: DescField, wire: WireField, depth: number): void {
    const message = messageOf(field);
    if (message !== undefined) {
      if (wire.wire !== 'bytes') throw wrongForm(field, wire);
      known.count += 1;
      known.messages.push(this.message(message, wire.range, depth + 1));
      return;
    }
    const scalar = scalarOf(field);
    if (scalar === ScalarType.STRING || scalar === ScalarType.BYTES) this.addText(known, field, wire, scalar);
    else this.addNumbers(known, field, wire, widths.get(scalar));
  }

  private addText(known: Field, field: DescField, wire: WireField, scalar: ScalarType): void {
    if (wire.wire !== 'bytes') throw wrongForm(field, wire);
    if (scalar === ScalarType.STRING) this.checkText(wire.range, field.name);
    this.count(1);
    known.count += 1;
    known.ranges.push(wire.range);
  }

  private addNumbers(known: Field, field: DescField, wire: WireField, width: number | undefined): void {
    if (wire.wire === 'varint') {
      if (width !== undefined) throw wrongForm(field, wire);
      this.keep(known, wire.value);
    } else if (wire.wire === 'bytes') {
      if (field.fieldKind !== 'list') throw wrongForm(field, wire);
      this.addPacked(known, wire.range, width);
    } else {
      if (width !== wire.range.end - wire.range.start) throw wrongForm(field, wire);
      this.count(1);
      known.count += 1;
    }
  }

  private addPacked(known: Field, range: Range, width: number | undefined): void {
    if (width !== undefined) {
      if ((range.end - range.start) % width !== 0) throw damaged('a list of numbers is cut', range.start);
      known.count += (range.end - range.start) / width;
      return;
    }
    const count = countPackedVarints(this.bytes, range);
    if (known.count + count > keptNumbers) {
      known.count += count;
      return;
    }
    const reader = new WireReader(this.bytes, range.start, range.end);
    while (!reader.isAtEnd) this.keep(known, reader.varint());
  }

  private keep(known: Field, value: bigint): void {
    this.count(1);
    known.count += 1;
    if (known.numbers.length < keptNumbers) known.numbers.push(BigInt.asIntN(64, value));
  }

  /** Two names that differ only in broken bytes would become one when decoded. */
  private checkText(range: Range, field: string): void {
    try {
      this.text.decode(this.bytes.subarray(range.start, range.end));
    } catch {
      throw damaged(`"${field}" is not text`, range.start);
    }
  }

  private count(parts: number): void {
    this.parts += parts;
    if (this.parts <= this.limits.maxParts) return;
    throw new AppError('model/too-many-nodes', `The model is made of more than ${this.limits.maxParts} parts.`, {
      limit: this.limits.maxParts,
    });
  }
}

const tables = new WeakMap<DescMessage, ReadonlyMap<number, DescField>>();

function fieldsByNumber(schema: DescMessage): ReadonlyMap<number, DescField> {
  let table = tables.get(schema);
  if (table === undefined) tables.set(schema, (table = new Map(schema.fields.map((field) => [field.number, field]))));
  return table;
}

function messageOf(field: DescField): DescMessage | undefined {
  if (field.fieldKind === 'message') return field.message;
  return field.fieldKind === 'list' && field.listKind === 'message' ? field.message : undefined;
}

/** Enums are written as int32. */
function scalarOf(field: DescField): ScalarType {
  if (field.fieldKind === 'scalar') return field.scalar;
  return field.fieldKind === 'list' && field.listKind === 'scalar' ? field.scalar : ScalarType.INT32;
}

function wrongForm(field: DescField, wire: WireField): AppError {
  return damaged(`"${field.name}" has the wrong form (${wire.wire})`, wire.wire === 'varint' ? 0 : wire.range.start);
}

const noField: Field = { count: 0, numbers: [], ranges: [], messages: [] };

/** The field of that name; an empty one when the message does not have it. */
export function fieldOf(message: Message, name: string): Field {
  return message.fields.get(name) ?? noField;
}

/** A single number, or the given default. */
export function numberOf(message: Message, name: string, otherwise = 0): number {
  return Number(fieldOf(message, name).numbers[0] ?? otherwise);
}

/** A single text, or ''; what is longer than 1,000 bytes comes cut. */
export function textOf(bytes: Uint8Array, message: Message, name: string): string {
  const [range] = fieldOf(message, name).ranges;
  if (range === undefined) return '';
  return new TextDecoder().decode(bytes.subarray(range.start, Math.min(range.end, range.start + 1000)));
}
