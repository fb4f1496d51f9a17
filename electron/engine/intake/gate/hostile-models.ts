/** Hostile and useless model files, made in code for the tests: bytes by hand, because no honest library would write them. */

/** A field of any message. */
type Bytes = Uint8Array;

const join = (...parts: readonly (Bytes | readonly Bytes[])[]): Bytes => Uint8Array.from(Buffer.concat(parts.flat()));

function varint(value: number | bigint): Bytes {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  return Uint8Array.of(...out, Number(rest));
}

const number = (no: number, value: number | bigint): Bytes => join(varint(no << 3), varint(value));
const block = (no: number, content: Bytes | string): Bytes => {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return join(varint((no << 3) | 2), varint(bytes.byteLength), bytes);
};

interface TensorParts {
  readonly dims: readonly (number | bigint)[];
  readonly type?: number;
  readonly raw?: Bytes;
  readonly external?: Readonly<Record<string, string | number>>;
}

function tensor(name: string, { dims, type = 1, raw, external }: TensorParts): Bytes {
  const outside = Object.entries(external ?? {}).map(([key, value]) =>
    block(13, join(block(1, key), block(2, String(value)))),
  );
  return join(
    dims.map((size) => number(1, size)),
    number(2, type),
    block(8, name),
    raw ? block(9, raw) : [],
    outside,
    external ? number(14, 1) : [],
  );
}

export const attribute = {
  int: (name: string, value: number | bigint): Bytes => join(block(1, name), number(3, value), number(20, 2)),
  ints: (name: string, values: readonly number[]): Bytes =>
    join(
      block(1, name),
      values.map((value) => number(8, value)),
      number(20, 7),
    ),
  tensor: (name: string, value: Bytes): Bytes => join(block(1, name), block(5, value), number(20, 4)),
  graph: (name: string, value: Bytes): Bytes => join(block(1, name), block(6, value), number(20, 5)),
};

export function node(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: readonly Bytes[] = [],
  domain = '',
): Bytes {
  return join(
    inputs.map((name) => block(1, name)),
    outputs.map((name) => block(2, name)),
    block(4, op),
    attributes.map((value) => block(5, value)),
    domain ? block(7, domain) : [],
  );
}

/** A graph input or output: name, element type, axes. */
function value(name: string, type: number, dims: readonly (number | string)[]): Bytes {
  const axes = dims.map((dim) => block(1, typeof dim === 'string' ? block(2, dim) : number(1, dim)));
  return join(block(1, name), block(2, block(1, join(number(1, type), block(2, join(axes))))));
}

export function graph(
  nodes: readonly Bytes[],
  weights: readonly Bytes[],
  inputs: readonly Bytes[],
  outputs: readonly Bytes[],
): Bytes {
  return join(
    nodes.map((item) => block(1, item)),
    block(2, 'g'),
    weights.map((item) => block(5, item)),
    inputs.map((item) => block(11, item)),
    outputs.map((item) => block(12, item)),
  );
}

export function model(content: Bytes, functions: readonly Bytes[] = [], domains: readonly string[] = []): Bytes {
  return join(
    number(1, 8),
    block(7, content),
    block(8, join(block(1, ''), number(2, 17))),
    domains.map((domain) => block(8, join(block(1, domain), number(2, 1)))),
    functions.map((item) => block(25, item)),
  );
}

/** A local function of domain "local" that calls others in turn. */
function localFunction(name: string, calls: readonly string[], domain = 'local'): Bytes {
  const steps = calls.length === 0 ? [node('Identity', ['x'], ['y'])] : chain(calls, domain);
  return join(
    block(1, name),
    block(4, 'x'),
    block(5, 'y'),
    steps.map((step) => block(7, step)),
    block(9, join(block(1, ''), number(2, 17))),
    block(9, join(block(1, domain), number(2, 1))),
    block(10, domain),
  );
}

function chain(calls: readonly string[], domain: string): Bytes[] {
  const name = (index: number): string => (index === 0 ? 'x' : index === calls.length ? 'y' : `t${index}`);
  return calls.map((call, index) => node(call, [name(index)], [name(index + 1)], [], domain));
}

const picture = value('x', 1, ['N', 3, 8, 8]);
const classes = value('y', 1, ['N', 3]);
const floats = (count: number): Bytes => new Uint8Array(count * 4);
const pooled = [node('GlobalAveragePool', ['x'], ['p']), node('Flatten', ['p'], ['y'])];

/** An honest small classifier with a weight: what the others deviate from. */
export function honestModel(): Bytes {
  const weight = tensor('w', { dims: [3, 3], raw: floats(9) });
  return model(
    graph(
      [...pooled.slice(0, 1), node('Flatten', ['p'], ['f']), node('MatMul', ['f', 'w'], ['y'])],
      [weight],
      [picture],
      [classes],
    ),
  );
}

/** M1: weights that lie in a file of the given name. */
export function externalModel(location: string): Bytes {
  const weight = tensor('w', { dims: [16], external: { location, offset: 0, length: 64 } });
  return model(graph([node('Identity', ['w'], ['y'])], [weight], [], [value('y', 1, [16])]));
}

/** M1: the same inside an attribute of a node. */
export function externalConstantModel(location: string): Bytes {
  const weight = tensor('w', { dims: [16], external: { location } });
  return model(
    graph([node('Constant', [], ['y'], [attribute.tensor('value', weight)])], [], [], [value('y', 1, [16])]),
  );
}

/** M2: sizes in an attribute that disagree with the weights; runtimes have crashed while rewriting it. */
export function attentionModel(): Bytes {
  const big = 2 ** 24;
  const attributes = [attribute.int('num_heads', 1), attribute.ints('qkv_hidden_sizes', [big, big, big])];
  const weights = [tensor('w', { dims: [8, 24], raw: floats(192) }), tensor('b', { dims: [24], raw: floats(24) })];
  const attention = node('Attention', ['x', 'w', 'b'], ['y'], attributes, 'com.microsoft');
  return model(
    graph([attention], weights, [value('x', 1, [1, 4, 8])], [value('y', 1, [1, 4, 8])]),
    [],
    ['com.microsoft'],
  );
}

/** M2: functions f0 to f(length-1), each calling the next; the last one may be defined first, and nobody need call f0. */
export function functionChain(length: number, isReversed = false, isUsed = true): Bytes {
  const functions = Array.from({ length }, (_, k) => localFunction(`f${k}`, k + 1 < length ? [`f${k + 1}`] : []));
  const start = isUsed ? node('f0', ['x'], ['y'], [], 'local') : node('Identity', ['x'], ['y']);
  return model(graph([start], [], [picture], [picture]), isReversed ? functions.reverse() : functions, ['local']);
}

/** M2: functions that each call the next twice: 2^levels nodes when written out. */
export function functionBomb(levels: number): Bytes {
  const functions = Array.from({ length: levels }, (_, k) =>
    localFunction(`f${k}`, k + 1 < levels ? [`f${k + 1}`, `f${k + 1}`] : []),
  );
  return model(graph([node('f0', ['x'], ['y'], [], 'local')], [], [picture], [picture]), functions, ['local']);
}

/** M2: two functions that call each other. */
export function functionCycle(): Bytes {
  const functions = [localFunction('f0', ['f1']), localFunction('f1', ['f0'])];
  return model(graph([node('f0', ['x'], ['y'], [], 'local')], [], [picture], [picture]), functions, ['local']);
}

/** M2: a function that takes the place of a standard operator. */
export function shadowingFunction(): Bytes {
  return model(graph(pooled, [], [picture], [classes]), [localFunction('Flatten', [], '')]);
}

/** M2: graphs within graphs. */
export function nestedGraphs(levels: number): Bytes {
  let inner = graph([node('Identity', ['x'], ['z'])], [], [], [value('z', 1, [1])]);
  for (let level = 0; level < levels; level++) {
    const choice = node(
      'If',
      ['c'],
      ['z'],
      [attribute.graph('then_branch', inner), attribute.graph('else_branch', inner)],
    );
    inner = graph(
      [level === 0 ? choice : node('If', ['c'], ['z'], [attribute.graph('then_branch', inner)])],
      [],
      [],
      [value('z', 1, [1])],
    );
  }
  return model(inner);
}

/** M2: more nodes than anybody needs. */
export function manyNodes(count: number): Bytes {
  const name = (index: number): string => (index === 0 ? 'x' : index === count ? 'y' : `t${index}`);
  const nodes = Array.from({ length: count }, (_, k) => node('Relu', [name(k)], [name(k + 1)]));
  return model(graph(nodes, [], [picture], [picture]));
}

/** M3 and M4: joins a vector with itself over and over; on a constant it explodes at load, on an input at run. */
export function doublingModel(doublings: number, from: 'constant' | 'input'): Bytes {
  const name = (index: number): string => (index === 0 ? 'x' : index === doublings ? 'y' : `t${index}`);
  const nodes = Array.from({ length: doublings }, (_, k) =>
    node('Concat', [name(k), name(k)], [name(k + 1)], [attribute.int('axis', 0)]),
  );
  const weights = from === 'constant' ? [tensor('x', { dims: [1], raw: floats(1) })] : [];
  return model(graph(nodes, weights, from === 'input' ? [value('x', 1, [1])] : [], [value('y', 1, ['n'])]));
}

/** M3: a hundred bytes that ask for `count` numbers. */
export function hugeConstant(count: number): Bytes {
  const shape = new Uint8Array(BigInt64Array.of(BigInt(count)).buffer);
  const weights = [tensor('s', { dims: [1], type: 7, raw: shape })];
  return model(graph([node('ConstantOfShape', ['s'], ['y'])], weights, [], [value('y', 1, ['n'])]));
}

/** M4: a loop that never ends. */
export function endlessLoop(): Bytes {
  const body = graph(
    [node('Identity', ['c'], ['c2']), node('Identity', ['v'], ['v2'])],
    [],
    [value('i', 7, []), value('c', 9, []), value('v', 1, [1])],
    [value('c2', 9, []), value('v2', 1, [1])],
  );
  const trips = new Uint8Array(BigInt64Array.of(2n ** 63n - 1n).buffer);
  const weights = [
    tensor('m', { dims: [], type: 7, raw: trips }),
    tensor('t', { dims: [], type: 9, raw: Uint8Array.of(1) }),
  ];
  const loop = node('Loop', ['m', 't', 'x'], ['y'], [attribute.graph('body', body)]);
  return model(graph([loop], weights, [value('x', 1, [1])], [value('y', 1, [1])]));
}

/** M5: a weight of the given sizes over the given bytes. */
export function sizedModel(dims: readonly (number | bigint)[], raw: Bytes, type = 1): Bytes {
  return model(
    graph([node('Identity', ['w'], ['y'])], [tensor('w', { dims, type, raw })], [], [value('y', type, ['n'])]),
  );
}

/** M5: a sparse weight that would be spread out over the given sizes. */
export function sparseModel(dims: readonly (number | bigint)[]): Bytes {
  const indices = tensor('i', { dims: [1], type: 7, raw: new Uint8Array(8) });
  const sparse = join(
    block(1, tensor('w', { dims: [1], raw: floats(1) })),
    block(2, indices),
    dims.map((size) => number(3, size)),
  );
  return model(join(graph([node('Identity', ['w'], ['y'])], [], [], [value('y', 1, ['n'])]), block(15, sparse)));
}

/** M6: one node of a foreign domain. */
export function customOperator(domain: string, op: string): Bytes {
  return model(graph([node(op, ['x'], ['y'], [], domain)], [], [picture], [classes]), [], [domain]);
}

/** M6: a foreign operator hidden in the branch of an If, and in a function. */
export function hiddenOperator(where: 'branch' | 'function'): Bytes {
  const evil = node('EvilOp', ['x'], ['y'], [], 'evil.custom');
  if (where === 'branch') {
    const branch = graph([evil], [], [], [value('y', 1, [1])]);
    return model(graph([node('If', ['c'], ['y'], [attribute.graph('then_branch', branch)])], [], [picture], [classes]));
  }
  const body = join(block(1, 'f'), block(4, 'x'), block(5, 'y'), block(7, evil), block(10, 'local'));
  return model(graph(pooled, [], [picture], [classes]), [body]);
}

/** A model message that holds one field twice that may be there once. */
export function twiceGiven(): Bytes {
  const weight = join(tensor('w', { dims: [4], raw: floats(4) }), block(9, floats(1)));
  return model(graph([node('Identity', ['w'], ['y'])], [weight], [], [value('y', 1, [4])]));
}

/** Numbers both raw and in a typed field: readers disagree on which ones count. */
export function storedTwice(): Bytes {
  const weight = join(tensor('w', { dims: [4], raw: floats(4) }), block(4, floats(4)));
  return model(graph([node('Identity', ['w'], ['y'])], [weight], [], [value('y', 1, [4])]));
}

/** A value whose name is no text: two such names could become one when decoded. */
export function brokenName(): Bytes {
  const broken = join(block(1, 'x'), block(2, Uint8Array.of(0xff, 0xfe)), block(4, 'Relu'));
  return model(graph([broken, ...pooled], [], [picture], [classes]));
}

/** Types within types within types. */
export function nestedTypes(levels: number): Bytes {
  let type = block(1, join(number(1, 1)));
  for (let level = 0; level < levels; level++) type = block(4, block(1, type));
  return model(graph(pooled, [], [picture, join(block(1, 's'), block(2, type))], [classes]));
}
