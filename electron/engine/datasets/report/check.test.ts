/** Planted faults of each kind are found with exactly the planted numbers, and the samples behind them. */
import { expect, test } from 'vitest';
import { type CheckedReport, checkDataset, toLookAt } from './check';
import { ReportFile, writeReport } from './report-file';
import { brightened, scene } from './testing/scenes';
import { subjectOf, type TestSample, watch } from './testing/subject';

const image = { height: 32, width: 32, channels: 3 };

function found({ findings }: CheckedReport): Record<string, readonly number[]> {
  return Object.fromEntries(findings.map(({ id, members }) => [id, members]));
}

/** 30 scenes, 10 of each of three classes; each fifth is for the test. */
const clean = Array.from({ length: 30 }, (_, i): TestSample => ({
  pixels: scene(i, 32),
  label: ['cat', 'dog', 'owl'][i % 3]!,
  split: i % 5 === 4 ? 2 : 0,
}));

test('nothing is wrong with a clean set', async () => {
  const checked = await checkDataset(subjectOf('image', clean, { image }), 7, watch);
  expect(checked.report.findings).toEqual([
    {
      id: 'no-duplicates',
      tone: 'good',
      sentence: 'No image is there twice.',
      advice: 'Neither exact nor near copies were found.',
      samples: 0,
      groups: [],
    },
  ]);
  expect(checked.report.channels).toHaveLength(3);
  expect(toLookAt(checked.report)).toBe(0);
});

test('copies: exact, near, across the split and with two labels', async () => {
  const near = { ...clean[1]!, pixels: brightened(clean[1]!.pixels!, 1, 9), split: 2 as const };
  const samples = [...clean, clean[0]!, { ...clean[2]!, label: 'dog' }, near];
  const checked = await checkDataset(subjectOf('image', samples, { image }), 7, watch);
  expect(found(checked)).toEqual({
    leaks: [1, 32],
    'label-conflicts': [2, 31],
    'exact-duplicates': [0, 2, 30, 31],
    'near-duplicates': [1, 32],
  });
  const sentences = Object.fromEntries(checked.report.findings.map(({ id, sentence }) => [id, sentence]));
  expect(sentences).toEqual({
    leaks: '2 near-duplicates across the split.',
    'label-conflicts': '2 images that are the same have different labels.',
    'exact-duplicates': '4 images are exact copies, in 2 groups.',
    'near-duplicates': '2 images are near-duplicates, in one group.',
  });
  expect(checked.report.findings.find(({ id }) => id === 'exact-duplicates')?.groups).toEqual([
    [0, 30],
    [2, 31],
  ]);
  expect(toLookAt(checked.report)).toBe(4);
});

test('what is excluded is passed over', async () => {
  const samples = [...clean, { ...clean[0]!, isExcluded: true }];
  expect(found(await checkDataset(subjectOf('image', samples, { image }), 7, watch))).toEqual({ 'no-duplicates': [] });
});

test('classes: empty, single, thin, unequal, without a test', async () => {
  const of = (label: string, count: number, split: 0 | 2): TestSample[] =>
    Array.from({ length: count }, (_, i) => ({ text: `${label} ${split} ${i}`, label, split }));
  const samples = [
    ...of('a', 40, 0),
    ...of('a', 10, 2),
    ...of('b', 40, 0),
    ...of('b', 2, 2),
    ...of('c', 3, 0),
    ...of('c', 1, 2),
    ...of('d', 1, 0),
    ...of('e', 30, 0),
    { text: 'nobody knows' },
  ];
  const checked = await checkDataset(subjectOf('text', samples, { classes: ['a', 'b', 'c', 'd', 'e', 'f'] }), 7, watch);
  const sentences = checked.report.findings.map(({ id, sentence, samples: n }) => `${id}: ${sentence} ${n}`);
  expect(sentences).toEqual([
    'empty-classes: f has no text. 0',
    'single-classes: d has one text only. 1',
    'thin-classes: c is thin: 4 texts. 4',
    'untested-classes: e has no test text. 30',
    'unlabelled: 1 text has no label. 1',
    'no-duplicates: No text is there twice. 0',
  ]);
  expect(checked.report.findings.find(({ id }) => id === 'thin-classes')?.advice).toBe('The median class has 30.');
});

test('a class with ten times as many samples', async () => {
  const samples = Array.from({ length: 24 }, (_, i): TestSample => ({ text: `t${i}`, label: i < 2 ? 'b' : 'a', split: i % 2 === 0 ? 2 : 0 })); // prettier-ignore
  const checked = await checkDataset(subjectOf('text', samples), 7, watch);
  expect(checked.report.findings.map(({ sentence }) => sentence)).toContain('a has 11 times as many texts as b.');
});

test.each([
  [0, 'No text has a label.'],
  [1, 'All labelled texts are in one class: only.'],
])('%i classes', async (classes, sentence) => {
  const samples = [1, 2, 3].map((i): TestSample => ({ text: `t${i}`, ...(classes === 1 && { label: 'only' }) }));
  const checked = await checkDataset(subjectOf('text', samples), 7, watch);
  expect(checked.report.findings.map((finding) => finding.sentence)).toContain(sentence);
});

test('10,000 classes with one sample each', async () => {
  const samples = Array.from({ length: 10_000 }, (_, i): TestSample => ({ text: `t${i}`, label: `class ${i}` }));
  const checked = await checkDataset(subjectOf('text', samples), 7, watch);
  expect(found(checked)['single-classes']).toHaveLength(10_000);
  expect(checked.report.findings.every(({ sentence }) => sentence.length <= 300)).toBe(true);
});

test('images: uniform, grey, odd, enlarged, marked, unreadable', async () => {
  const flat = new Uint8Array(3 * 32 * 32).fill(200);
  const grey = clean[3]!.pixels!.map((_, k, all) => all[k - (k % 3)] ?? 0);
  const samples: TestSample[] = [
    ...clean,
    { pixels: flat, label: 'cat' },
    { ...clean[3]!, pixels: grey },
    { pixels: scene(100, 32), label: 'dog', size: [100, 20] },
    { pixels: scene(101, 32), label: 'dog', size: [15, 16] },
    { pixels: scene(102, 32), label: 'dog', isMarked: true },
  ];
  const leftOut = { count: 2, first: [{ name: 'a.jpg', failure: { code: 'image/damaged' as const, message: 'It stops in the middle.', details: {} } }] }; // prettier-ignore
  const checked = await checkDataset(subjectOf('image', samples, { image, leftOut }), 7, watch);
  expect(found(checked)).toEqual({
    unreadable: [],
    uniform: [30],
    'grey-among-colour': [30, 31],
    'odd-shapes': [32],
    enlarged: [33],
    generated: [34],
    'no-duplicates': [],
  });
  expect(checked.report.findings[0]).toMatchObject({
    sentence: '2 files could not be read.',
    advice: 'a.jpg: It stops in the middle.',
  });
  const marked = checked.report.findings.find(({ id }) => id === 'generated');
  expect(marked?.sentence).toBe('1 of 35 images declares itself generated.');
});

test('channels: mean and deviation over the training split alone', async () => {
  const pixels = (a: number, b: number): Uint8Array => Uint8Array.from({ length: 4 }, (_, k) => (k < 2 ? a : b));
  const samples: TestSample[] = [{ pixels: pixels(0, 255) }, { pixels: pixels(255, 255) }, { pixels: pixels(9, 9), split: 2 }]; // prettier-ignore
  const checked = await checkDataset(subjectOf('image', samples, { image: { height: 2, width: 2, channels: 1 } }), 7, watch); // prettier-ignore
  expect(checked.report.channels[0]?.mean).toBeCloseTo(0.75, 12);
  expect(checked.report.channels[0]?.deviation).toBeCloseTo(Math.sqrt(0.1875), 12);
});

test('texts: empty ones, lines that are the same but for case and marks', async () => {
  const texts = ['To be, or not', 'to be or  not!', 'else', '', ' ', 'else'];
  const checked = await checkDataset(subjectOf('text', texts.map((text) => ({ text }))), 7, watch); // prettier-ignore
  expect(found(checked)).toMatchObject({ 'empty-samples': [3, 4], 'exact-duplicates': [2, 5], 'near-duplicates': [0, 1] }); // prettier-ignore
  const { bins } = checked.report.histograms[0]!;
  expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(6);
});

test('tables: missing values, one value only, values far out, rows twice', async () => {
  const columns = [
    { name: 'age', type: 'number' as const, role: 'feature' as const },
    { name: 'country', type: 'text' as const, role: 'feature' as const },
    { name: 'income', type: 'number' as const, role: 'target' as const },
    { name: 'id', type: 'number' as const, role: 'ignore' as const },
  ];
  const rows: TestSample[] = Array.from({ length: 40 }, (_, i) => ({ cells: [20 + i, 'here', (7 * i) % 40, 1] }));
  const samples = [...rows, { cells: [NaN, 'here', 5, 1] }, { cells: [30, '', 1000, 1] }, rows[7]!];
  const checked = await checkDataset(subjectOf('row', samples, { columns }), 7, watch);
  expect(found(checked)).toMatchObject({
    'missing-values': [40, 41],
    'constant-columns': [],
    outliers: [41],
    'exact-duplicates': [7, 42],
  });
  const sentences = checked.report.findings.map(({ sentence }) => sentence);
  expect(sentences).toContain('2 rows of 43 lack a value: age (1) and country (1).');
  expect(sentences).toContain('One column has one value only: country.');
  expect(sentences).toContain('1 row has a value far from all others: income (1).');
});

test('sounds and music', async () => {
  const sound = (value: (k: number) => number): TestSample => {
    const samples = Int16Array.from({ length: 100 }, (_, k) => value(k));
    return { bytes: new Uint8Array(samples.buffer) };
  };
  const sounds = [sound((k) => 900 * (k % 7)), sound((k) => k % 3), sound((k) => (k > 50 && k < 60 ? 32_767 : k))];
  expect(found(await checkDataset(subjectOf('sound', sounds), 7, watch))).toMatchObject({ silent: [1], clipped: [2] });
  const notes: TestSample[] = [{ bytes: new Uint8Array(Int32Array.of(0, 480, 60, 90).buffer) }, { bytes: new Uint8Array(0) }]; // prettier-ignore
  expect(found(await checkDataset(subjectOf('music', notes), 7, watch))).toMatchObject({ 'empty-samples': [1] });
});

test('the file of a report gives the samples of findings and bars', async () => {
  const samples = [...clean, clean[0]!];
  const checked = await checkDataset(subjectOf('image', samples, { image }), 7, watch);
  const file = ReportFile.read(writeReport(checked));
  expect(file.report).toEqual(checked.report);
  expect([...file.mask({ finding: 'exact-duplicates' }, 31)!].flatMap((one, i) => (one === 1 ? [i] : []))).toEqual([0, 30]); // prettier-ignore
  expect(file.mask({ finding: 'thin-classes' }, 31)).toBeUndefined();
  expect(file.alike(30)).toEqual([0]);
  const histogram = checked.report.histograms.find(({ id }) => id === 'brightness')!;
  histogram.bins.forEach(({ count }, bin) => {
    const mask = file.mask({ bin: { histogram: 'brightness', bin } }, 31)!;
    expect(mask.reduce((sum, one) => sum + one, 0)).toBe(count);
  });
});

test('stops when it is cancelled', async () => {
  const stop = new AbortController();
  const breathe = (): Promise<void> => {
    stop.abort();
    return Promise.resolve();
  };
  const checking = checkDataset(subjectOf('image', clean, { image }), 7, { signal: stop.signal, breathe });
  await expect(checking).rejects.toMatchObject({ code: 'call/cancelled' });
});
