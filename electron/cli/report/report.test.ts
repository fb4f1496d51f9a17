/** The report holds what the screen shows, runs nothing, loads nothing, and shows hostile text as text. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ModelDetail } from '../../contract/models';
import { formatConfidence, type Photo, type Prediction } from '../../contract/photo';
import { Tallying } from '../classify/tally';
import { writeReport } from './report';

const folder = mkdtempSync(path.join(os.tmpdir(), 'duet-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hostile = `"><img src=x onerror=alert(1)><script>alert('1')</script>`;

const model: ModelDetail = {
  entry: { id: 'judge', title: 'Judge', task: 'classify', classes: 2, bytes: 1, isBuiltIn: true, madeAt: 0 },
  card: {
    format: 1,
    name: 'judge',
    title: 'Judge',
    task: 'classify',
    description: '',
    limits: hostile,
    labels: ['kite', 'eagle'],
    input: { name: 'x', layout: 'NHWC', maxBatch: 0, shortSide: 224 },
    outputs: { kind: 'classify', probabilities: 'y' },
    licence: { spdx: 'Apache-2.0', notice: '' },
    source: { title: '', origin: '', madeBy: '' },
    graphHash: '0'.repeat(64),
    golden: [],
  },
  summary: {
    irVersion: 8,
    opsets: [],
    producer: '',
    inputs: [],
    outputs: [],
    nodes: 0,
    parameters: 0,
    weightBytes: 0,
    operators: [],
    stages: [],
  },
  fileHash: 'f'.repeat(64),
};

function photo(number: number, predictions: Prediction[] | undefined): Photo {
  return {
    id: `p${number}`,
    name: `${hostile}/${number}.jpg`,
    state: predictions === undefined ? 'failed' : 'judged',
    bytes: 1,
    width: 300,
    height: 400,
    hasThumb: number === 1,
    isSample: false,
    verdicts: predictions === undefined ? {} : { judge: { predictions, ms: 6.25 } },
    ...(predictions === undefined
      ? { failure: { code: 'image/damaged', message: `Ends too early: ${hostile}`, details: {} } }
      : {}),
  };
}

const photos = [
  photo(1, [{ label: hostile, classIndex: 0, score: 0.81234 }]),
  photo(2, [{ label: 'eagle', classIndex: 1, score: 0.25, box: [0.1, 0.2, 0.5, 0.9] }]),
  photo(3, undefined),
  photo(4, []),
];

async function make(target: string): Promise<string> {
  writeFileSync(path.join(folder, 'p1.jpg'), 'thumb');
  const tallying = new Tallying('judge', 0.5);
  for (const one of photos) tallying.add(one);
  await writeReport({
    target,
    replace: false,
    thumbs: folder,
    model,
    threshold: 0.5,
    tally: tallying.result(),
    version: '1.2.3',
    // eslint-disable-next-line @typescript-eslint/require-await
    photos: async function* () {
      yield* photos;
    },
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  return readFileSync(target, 'utf8');
}

test('one page with everything in it, and nothing that runs or loads', async () => {
  const page = await make(path.join(folder, 'report.html'));
  expect(page).not.toMatch(/<script|<img src=x|onerror=alert\(1\)>|https?:|url\(/i);
  expect(page.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(4);
  expect(page).toContain(`default-src &#39;none&#39;; img-src data:`);
  expect(page).toContain(`data:image/jpeg;base64,${Buffer.from('thumb').toString('base64')}`);
  expect(page).toContain(formatConfidence(0.81234));
  expect(page).toContain('eagle?');
  expect(page).toContain('no objects');
  expect(page).toContain('<h1>4 pictures</h1>');
  expect(page.match(/<li class="card sure">/g)).toHaveLength(1);
  expect(page.match(/<li class="card unsure">/g)).toHaveLength(2);
  expect(page.match(/<tr>/g)).toHaveLength(1);
  expect(page.trimEnd().endsWith('</html>')).toBe(true);
});

test('an existing report is kept, and nothing is left beside it', async () => {
  const target = path.join(folder, 'kept.html');
  writeFileSync(target, 'mine');
  await expect(make(target)).rejects.toMatchObject({ code: 'file/exists' });
  expect(readFileSync(target, 'utf8')).toBe('mine');
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});
