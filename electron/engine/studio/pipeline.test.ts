/** The pipeline with pretended workers: order of events, slots given back, crashes, two models, stop and go on. */
import { expect, test } from 'vitest';
import { AppError } from '../../contract/errors';
import type { JudgeCard } from '../../contract/model-card';
import type { Verdict } from '../../contract/photo';
import { PhotoBook } from './photo-book';
import { Pipeline, type PipelineOptions, type RunnableModel } from './pipeline';

function model(id: string, shortSide = 384, maxBatch = 0): RunnableModel {
  const input = { name: 'image', layout: 'NHWC', maxBatch, shortSide };
  return { id, path: `/${id}.onnx`, card: { name: id, input } as unknown as JudgeCard };
}

function verdict(score: number): Verdict {
  return { predictions: [{ label: 'kite', classIndex: 1, score }], ms: 1 };
}

function start(options: Partial<PipelineOptions> = {}) {
  const book = new PhotoBook(() => undefined);
  const free = [0, 1, 2, 3];
  const waiting: ((slot: number) => void)[] = [];
  const batches: number[] = [];
  let idle: (() => void) | undefined;
  const pipeline: Pipeline = new Pipeline({
    book,
    selected: () => [model('judge')],
    decode: (_record, shortSides, slots) =>
      Promise.resolve({
        width: 40,
        height: 30,
        slots: shortSides.map((side, index) => ({ slot: slots[index]!, height: side, width: side })),
      }),
    judge: (_model, slots) => {
      batches.push(slots.length);
      return Promise.resolve(slots.map(() => verdict(0.9)));
    },
    slots: {
      acquire: () => {
        const slot = free.pop();
        return slot === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(slot);
      },
      release: (slot) => {
        const next = waiting.shift();
        if (next === undefined) free.push(slot);
        else next(slot);
      },
    },
    decoders: 2,
    maxBatch: 8,
    now: () => 0,
    onProgress: () => {
      if (pipeline.progress().state !== 'running') idle?.();
    },
    ...options,
  });
  const settled = () => new Promise<void>((resolve) => (idle = resolve));
  const add = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      book.add({ path: `/${index}`, name: `${index}`, bytes: 1, isSample: false }),
    );
  return { book, pipeline, free, batches, settled, add };
}

test('every picture is judged once and every slot comes back', async () => {
  const { book, pipeline, free, batches, settled, add } = start();
  const done = settled();
  pipeline.add(add(25));
  await done;
  expect(book.list().every(({ photo }) => photo.state === 'judged' && photo.width === 40)).toBe(true);
  expect(batches.reduce((sum, size) => sum + size, 0)).toBe(25);
  expect(free.length).toBe(4);
  expect(pipeline.progress()).toMatchObject({ state: 'idle', total: 25, done: 25, failed: 0 });
});

test('two models that want one size share a decode and a slot; two sizes get two', async () => {
  for (const [sides, expected] of [
    [[384, 384], 1],
    [[384, 224], 2],
  ] as const) {
    const decodes: number[] = [];
    const { book, pipeline, free, settled, add } = start({
      selected: () => [model('one', sides[0]), model('two', sides[1])],
      decode: (_record, shortSides, slots) => {
        decodes.push(shortSides.length);
        return Promise.resolve({ width: 4, height: 3, slots: slots.map((slot) => ({ slot, height: 3, width: 4 })) });
      },
    });
    const done = settled();
    pipeline.add(add(5));
    await done;
    expect(decodes).toEqual([expected, expected, expected, expected, expected]);
    expect(book.list().every(({ photo }) => Object.keys(photo.verdicts).length === 2)).toBe(true);
    expect(free.length).toBe(4);
  }
});

test('a picture that kills the decoder fails alone', async () => {
  const { book, pipeline, free, settled, add } = start({
    decode: (record, _sides, slots) =>
      record.photo.name === '3'
        ? Promise.reject(new AppError('engine/crashed', 'it ended'))
        : Promise.resolve({ width: 4, height: 3, slots: slots.map((slot) => ({ slot, height: 3, width: 4 })) }),
  });
  const done = settled();
  pipeline.add(add(8));
  await done;
  expect(book.list().filter(({ photo }) => photo.state === 'failed')).toMatchObject([
    { photo: { name: '3', failure: { code: 'image/decoder-died' } } },
  ]);
  expect(pipeline.progress()).toMatchObject({ done: 7, failed: 1 });
  expect(free.length).toBe(4);
});

test('a judge that dies once gets the same pictures again; one that dies twice fails them', async () => {
  let deaths = 1;
  const judge: PipelineOptions['judge'] = (_model, slots) =>
    deaths-- > 0
      ? Promise.reject(new AppError('engine/crashed', 'it ended'))
      : Promise.resolve(slots.map(() => verdict(0.5)));
  const once = start({ judge });
  let done = once.settled();
  once.pipeline.add(once.add(1));
  await done;
  expect(once.book.list()[0]?.photo.state).toBe('judged');
  deaths = 2;
  const twice = start({ judge });
  done = twice.settled();
  twice.pipeline.add(twice.add(1));
  await done;
  expect(twice.book.list()[0]?.photo).toMatchObject({ state: 'failed', failure: { code: 'engine/crashed' } });
  expect(twice.free.length).toBe(4);
});

test('when the decoder was given up the run stops, nothing is lost, and it goes on after a retry', async () => {
  let isDead = true;
  const { book, pipeline, free, settled, add } = start({
    decode: (_record, _sides, slots) =>
      isDead
        ? Promise.reject(new AppError('engine/gave-up', 'left alone'))
        : Promise.resolve({ width: 4, height: 3, slots: slots.map((slot) => ({ slot, height: 3, width: 4 })) }),
  });
  let done = settled();
  pipeline.add(add(6));
  await done;
  expect(pipeline.progress()).toMatchObject({ state: 'stopped', failed: 0 });
  expect(book.list().every(({ photo }) => photo.state === 'waiting')).toBe(true);
  isDead = false;
  done = settled();
  pipeline.resume();
  await done;
  expect(pipeline.progress()).toMatchObject({ state: 'idle', total: 6, done: 6 });
  expect(free.length).toBe(4);
});

test('removed pictures are passed over, and a picture is never queued twice', async () => {
  const { book, pipeline, batches, settled, add } = start();
  const ids = add(10);
  const done = settled();
  pipeline.add(ids);
  pipeline.add(ids);
  book.remove(ids.slice(5));
  await done;
  expect(pipeline.progress()).toMatchObject({ total: 10, done: 10 });
  expect(batches.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(10);
  expect(book.size).toBe(5);
});

test("a model's largest batch is kept", async () => {
  const { pipeline, batches, settled, add } = start({ selected: () => [model('single', 384, 1)] });
  const done = settled();
  pipeline.add(add(6));
  await done;
  expect(Math.max(...batches)).toBe(1);
});

test('a model chosen while pictures are in hand judges those too', async () => {
  let chosen = [model('one')];
  const { book, pipeline, settled, add } = start({
    selected: () => chosen,
    judge: (_model, slots) => {
      chosen = [model('one'), model('two')];
      return Promise.resolve(slots.map(() => verdict(0.9)));
    },
  });
  const done = settled();
  pipeline.add(add(6));
  await done;
  expect(book.list().map(({ photo }) => Object.keys(photo.verdicts).length)).toEqual([2, 2, 2, 2, 2, 2]);
});

test('work that begins with a listing counts from zero', async () => {
  const { pipeline, settled, add } = start();
  let done = settled();
  pipeline.add(add(3));
  await done;
  pipeline.listing(1);
  pipeline.add(add(2));
  done = settled();
  pipeline.listing(-1);
  await done;
  expect(pipeline.progress()).toMatchObject({ state: 'idle', total: 2, done: 2 });
});

test('an engine that stops while decoders wait for slots keeps those pictures waiting and gives the slots back', async () => {
  const released: number[] = [];
  const taken = new Set<number>();
  const slots = {
    // The first of two renditions gets its slot, the second waits until everything is stopped.
    acquire: () =>
      released.length === 0 && !taken.has(1)
        ? Promise.resolve(taken.add(1).size)
        : Promise.reject(new AppError('call/cancelled', 'Cancelled.')),
    release: (slot: number) => void released.push(slot),
  };
  const selected = () => [model('small', 224), model('large', 640)];
  const { book, pipeline, settled, add } = start({ slots, selected, decoders: 1 });
  const done = settled();
  pipeline.add(add(3));
  await done;
  expect(book.list().map(({ photo }) => photo.state)).toEqual(['waiting', 'waiting', 'waiting']);
  expect(released).toEqual([1]);
  expect(pipeline.progress()).toMatchObject({ state: 'stopped', total: 3, failed: 0 });
});
