/** Damages model files on purpose, field by field, from a seed: for the tests that nothing but an AppError leaves the gate. */
import type { DescMessage } from '@bufbuild/protobuf';
import { ModelProtoSchema } from '../../../../models/graph/proto/onnx_pb';
import { type WireField, WireReader } from './wire';

/** Numbers in [0, limit), the same for the same seed (mulberry32). */
export function seededNumbers(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

interface Part {
  no: number;
  wire: WireField['wire'];
  value: bigint;
  content: Uint8Array;
  children: Part[] | undefined;
}

function parse(bytes: Uint8Array, schema: DescMessage): Part[] {
  const reader = new WireReader(bytes, 0, bytes.byteLength);
  const parts: Part[] = [];
  while (!reader.isAtEnd) {
    const field = reader.next();
    const message = schema.fields.find((known) => known.number === field.no)?.message;
    const content = field.wire === 'varint' ? new Uint8Array() : bytes.slice(field.range.start, field.range.end);
    const children = message && field.wire === 'bytes' ? parse(content, message) : undefined;
    parts.push({
      no: field.no,
      wire: field.wire,
      value: field.wire === 'varint' ? field.value : 0n,
      content,
      children,
    });
  }
  return parts;
}

const wireNumbers = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

function varint(value: bigint): number[] {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  return [...out, Number(rest)];
}

function write(parts: readonly Part[]): Uint8Array {
  const pieces = parts.map((part) => {
    const head = varint(BigInt(part.no * 8 + wireNumbers[part.wire]));
    if (part.wire === 'varint') return Uint8Array.from([...head, ...varint(part.value)]);
    const content = part.children ? write(part.children) : part.content;
    const length = part.wire === 'bytes' ? varint(BigInt(content.byteLength)) : [];
    return Buffer.concat([Uint8Array.from([...head, ...length]), content]);
  });
  return Uint8Array.from(Buffer.concat(pieces));
}

const oddNumbers = [
  0n,
  1n,
  2n,
  7n,
  127n,
  128n,
  255n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n,
  2n ** 53n,
  2n ** 62n,
  -1n,
  -(2n ** 63n),
];

/** What a change may touch: a part, the list it lies in at index `at`, every part of the file to copy from. */
interface Place {
  readonly part: Part;
  readonly siblings: Part[];
  readonly at: number;
  readonly all: readonly Part[];
  readonly random: (limit: number) => number;
}

function pick<T>(list: readonly T[], random: (limit: number) => number): T {
  const found = list[random(list.length)];
  if (found === undefined) throw new Error('Nothing to pick from.');
  return found;
}

const changes: readonly ((place: Place) => unknown)[] = [
  ({ part, random }) => (part.value = pick(oddNumbers, random)),
  ({ siblings, at }) => siblings.splice(at, 1),
  ({ siblings, at, part }) => siblings.splice(at, 0, part),
  ({ siblings, at, random }) => siblings.splice(random(siblings.length), 0, ...siblings.splice(at, 1)),
  ({ part, random }) => (part.no = 1 + random(30)),
  ({ part, siblings, random }) => (part.no = pick(siblings, random).no),
  ({ part }) => (part.wire = part.wire === 'varint' ? 'bytes' : 'varint'),
  ({ part, random }) => {
    part.children = undefined;
    part.content = Uint8Array.from({ length: random(24) }, () => random(256));
  },
  ({ part, random }) => (part.content = part.content.subarray(0, random(part.content.byteLength + 1))),
  ({ siblings, at, all, random }) => (siblings[at] = pick(all, random)), // graft: graphs into attributes, types into types
  ({ siblings, at, part, all, random }) => siblings.splice(at, 0, { ...pick(all, random), no: part.no }),
];

function flatten(parts: readonly Part[]): Part[] {
  return parts.flatMap((part) => [part, ...flatten(part.children ?? [])]);
}

/** A damaged copy: one to four changes of structure, and in a quarter of the cases broken bytes or a cut on top. */
export function mutateModel(bytes: Uint8Array, seed: number): Uint8Array {
  const random = seededNumbers(seed);
  const parts = parse(bytes, ModelProtoSchema);
  for (let change = 1 + random(4); change > 0; change--) {
    const lists = [parts, ...flatten(parts).flatMap((part) => (part.children ? [part.children] : []))].filter(
      (list) => list.length > 0,
    );
    if (lists.length === 0) break;
    const siblings = pick(lists, random);
    const at = random(siblings.length);
    const part = siblings[at];
    if (part) pick(changes, random)({ part, siblings, at, random, all: structuredClone(flatten(parts)) });
  }
  const out = write(parts);
  if (random(4) > 0 || out.byteLength === 0) return out;
  if (random(2) === 0) return out.subarray(0, random(out.byteLength));
  for (let flip = 1 + random(6); flip > 0; flip--) out[random(out.byteLength)] = random(256);
  return out;
}
