/** Refuses messages that are too large, too deep or too many-branched before anything parses them. */
import { AppError } from './errors';

export interface MessageLimits {
  maxBytes: number;
  maxDepth: number;
  maxValues: number;
}

const messageLimits: MessageLimits = { maxBytes: 32 * 1024 * 1024, maxDepth: 64, maxValues: 2_000_000 };

function ownBytes(value: unknown): number {
  if (typeof value === 'string') return value.length * 2;
  if (value instanceof ArrayBuffer) return value.byteLength;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  return 8;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !(value instanceof ArrayBuffer);
}

function tooLarge(what: string, limit: number): AppError {
  return new AppError('call/too-large', `A message was refused: ${what} (limit ${limit}).`, { limit });
}

/** Walks `message` without recursion and throws `call/too-large` at the first limit passed; cycles end at the depth limit. */
export function assertMessageFits(message: unknown, limits: MessageLimits = messageLimits): void {
  const stack: { value: unknown; depth: number }[] = [{ value: message, depth: 0 }];
  let bytes = 0;
  let values = 0;
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { value, depth } = top;
    bytes += ownBytes(value);
    values += 1;
    if (bytes > limits.maxBytes) throw tooLarge('it holds too many bytes', limits.maxBytes);
    if (values > limits.maxValues) throw tooLarge('it holds too many values', limits.maxValues);
    if (!isContainer(value)) continue;
    if (depth >= limits.maxDepth) throw tooLarge('it is nested too deeply', limits.maxDepth);
    const children = Array.isArray(value) ? (value as unknown[]) : Object.entries(value).flat();
    for (const child of children) stack.push({ value: child, depth: depth + 1 });
  }
}
