/** What the command line understands, what it refuses, and with which exit code. */
import { expect, test } from 'vitest';
import type { CommandContext } from './engine-use';
import { type Actions, buildProgram } from './program';
import { run } from './run';
import { Terminal } from './terminal';

function streams(): { out: string[]; err: string[]; terminal: Terminal } {
  const out: string[] = [];
  const err: string[] = [];
  const stream = (lines: string[]) => ({ write: (text: string) => lines.push(text) > 0 });
  return { out, err, terminal: new Terminal({ out: stream(out), err: stream(err), wantsColour: true }) };
}

/** A command line that must be understood or refused without any engine. */
async function tryRun(line: string, signal = new AbortController().signal) {
  const { out, err, terminal } = streams();
  let started = 0;
  const context: CommandContext = {
    terminal,
    startEngine: () => {
      started += 1;
      return Promise.reject(new Error('no engine here'));
    },
    signal,
    version: '1.2.3',
    now: () => 0,
  };
  const code = await run(line === '' ? [] : line.split(' '), context);
  return { code, out: out.join(''), err: err.join(''), started };
}

async function parse(line: string): Promise<unknown[]> {
  const calls: unknown[] = [];
  const note =
    (name: string) =>
    (...given: unknown[]) => {
      calls.push([name, ...given]);
      return Promise.resolve(7);
    };
  const actions: Actions = {
    classify: note('classify'),
    import: note('import'),
    exportModel: note('export model'),
    listModels: note('list'),
    showModel: note('show'),
    benchTraining: note('bench'),
    listDatasets: note('datasets'),
    showDataset: note('dataset'),
    importDataset: note('dataset import'),
    addDataset: note('dataset add'),
    galleryOfDatasets: note('gallery'),
    removeDataset: note('remove'),
    renameDataset: note('rename'),
    exportDataset: note('export'),
    checkDataset: note('check'),
    listJobs: note('jobs'),
    showJob: note('job'),
    changeJobs: note('change'),
    runJobs: note('run'),
    showWorkspace: note('workspace'),
    verifyWorkspace: note('verify'),
    rebuildWorkspace: note('rebuild'),
    sweepWorkspace: note('sweep'),
    backUpWorkspace: note('backup'),
  };
  const codes: number[] = [];
  const quiet = () => undefined;
  const program = buildProgram({
    version: '1.2.3',
    actions,
    onExit: (code) => codes.push(code),
    writeOut: quiet,
    writeErr: quiet,
  });
  await program.parseAsync(line.split(' '), { from: 'user' });
  expect(codes).toEqual([7]);
  return calls;
}

test('options of a data set import arrive as values', async () => {
  const [call] = await parse('dataset import a b --name Birds --size 64x48 --grey --split 80/10/10 --seed 3 --redraw');
  expect(call).toEqual([
    'dataset import',
    ['a', 'b'],
    {
      json: false,
      progress: false,
      device: 'auto',
      name: 'Birds',
      size: { width: 64, height: 48 },
      grey: true,
      split: { validation: 0.1, test: 0.1 },
      seed: 3,
      redraw: true,
    },
  ]);
  for (const bad of ['--size 64', '--size 0x5', '--split 80/20', '--split 0/0/0', '--reader exe']) {
    expect((await tryRun(`dataset import a ${bad}`)).code).toBe(2);
  }
});

test('options arrive as values, with their defaults', async () => {
  expect(await parse('classify a b --json --top 3 --threshold 60% --csv t.csv --model my-model --force')).toEqual([
    [
      'classify',
      ['a', 'b'],
      {
        json: true,
        progress: false,
        device: 'auto',
        top: 3,
        threshold: 0.6,
        csv: 't.csv',
        model: 'my-model',
        force: true,
      },
    ],
  ]);
  expect(
    await parse('import m.onnx --preset caffe --layout nhwc --fit pad --invert --name mine --labels l.txt'),
  ).toEqual([
    [
      'import',
      'm.onnx',
      {
        json: false,
        progress: false,
        device: 'auto',
        preset: 'caffe',
        layout: 'nhwc',
        fit: 'pad',
        invert: true,
        name: 'mine',
        labels: 'l.txt',
      },
    ],
  ]);
  expect(await parse('bench training cnn --threads 1')).toEqual([
    ['bench', ['cnn'], { json: false, progress: false, device: 'auto', threads: 1, steps: 60 }],
  ]);
  expect(await parse('model list --workspace w')).toEqual([
    ['list', { json: false, progress: false, device: 'auto', workspace: 'w' }],
  ]);
  expect(await parse('jobs cancel j1a j2b --json')).toEqual([
    ['change', 'cancel', ['j1a', 'j2b'], { json: true, progress: false, device: 'auto' }],
  ]);
  expect(await parse('jobs pause')).toEqual([
    ['change', 'pause', [], { json: false, progress: false, device: 'auto' }],
  ]);
  expect(await parse('jobs next j1')).toEqual([
    ['change', 'next', ['j1'], { json: false, progress: false, device: 'auto' }],
  ]);
  expect(await parse('jobs run --no-gentle')).toEqual([
    ['run', { json: false, progress: false, device: 'auto', gentle: false }],
  ]);
  expect(await parse('model show x --json')).toEqual([['show', 'x', { json: true, progress: false, device: 'auto' }]]);
});

test.each([
  'classify',
  'classify x --top 0',
  'classify x --top 1.5',
  'classify x --top 101',
  'classify x --threshold 1.01',
  'classify x --threshold -1',
  'classify x --threshold abc',
  'classify x --model ../up',
  'classify x --device tpu',
  'classify x --nope',
  'classify x --seed 1',
  'import',
  'import a.onnx b.onnx',
  'import a.onnx --preset nope',
  'import a.onnx --layout auto2',
  'import a.onnx --fit zoom',
  'import a.onnx --name Big',
  'model',
  'model show',
  'model nope',
  'bench',
  'bench training nope',
  'bench training --threads 0',
  'jobs',
  'jobs cancel',
  'jobs cancel ../up',
  'jobs next j1 j2',
  'jobs nope',
  'workspace',
  'workspace backup',
  'workspace verify extra',
  'workspace sweep extra',
  'workspace nope',
  'nonsense',
  '',
])('bad usage ends with 2 and says why on stderr only: duet %s', async (line) => {
  const { code, out, err, started } = await tryRun(line);
  expect({ code, out, started }).toEqual({ code: 2, out: '', started: 0 });
  expect(err).not.toBe('');
});

test.each([
  '--help',
  'help classify',
  'classify --help',
  'import --help',
  'bench training --help',
  'model --help',
  'model show --help',
  'jobs --help',
  'jobs run --help',
  'workspace --help',
  'workspace verify --help',
  'workspace sweep --help',
  'workspace backup --help',
])('help is a good end: duet %s', async (line) => {
  const { code, out, err } = await tryRun(line);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('Usage: duet');
});

test('the help names exactly the commands that work', async () => {
  const { out } = await tryRun('--help');
  expect(out.match(/^ {2}[a-z]+(?= )/gm)?.map((name) => name.trim())).toEqual([
    'classify',
    'import',
    'export',
    'bench',
    'model',
    'dataset',
    'jobs',
    'workspace',
    'help',
  ]);
});

test('the version', async () => {
  expect(await tryRun('--version')).toMatchObject({ code: 0, out: '1.2.3\n' });
});

test('a defect is told in a sentence and ends with 1', async () => {
  const { code, err } = await tryRun('model list');
  expect(code).toBe(1);
  expect(err).toMatch(/^duet: Duet made a mistake here: no engine here/);
});

test('files that could not be written are refused before anything starts', async () => {
  const existing = import.meta.filename;
  const there = await tryRun(`classify x --csv ${existing}`);
  expect(there).toMatchObject({ code: 1, started: 0 });
  expect(there.err).toContain('--force');
  expect(await tryRun('classify x --csv no/such/folder/t.csv')).toMatchObject({ code: 1, started: 0 });
  expect(await tryRun(`classify x --force --csv t.csv --jsonl t.csv`)).toMatchObject({ code: 2, started: 0 });
  expect(await tryRun(`classify x --folders ${existing}`)).toMatchObject({ code: 1, started: 0 });
  expect(await tryRun('import nope.onnx')).toMatchObject({ code: 1, started: 0 });
});
