/** `npm run example -- NAME [--seed N] [--seconds S | --steps N] [--out DIR] [--recipe plain|best]`: trains, and ends with one line of JSON. */
import { parseArgs } from 'node:util';
import { charGpt } from './char-gpt';
import { fineTune } from './fine-tune';
import type { Options, Report } from './lib/options';
import { mnistCnn } from './mnist-cnn';
import { mnistCvae } from './mnist-cvae';
import { ringFlow } from './ring-flow';
import { ringGan } from './ring-gan';

interface Example {
  readonly run: (options: Options) => Promise<Report>;
  /** Time to train when nothing is said. */
  readonly seconds: number;
}

const examples: Readonly<Record<string, Example>> = {
  'mnist-cnn': { run: mnistCnn, seconds: 60 },
  'fine-tune': { run: (options) => fineTune(options), seconds: 120 },
  'char-gpt': { run: charGpt, seconds: 180 },
  'mnist-cvae': { run: mnistCvae, seconds: 90 },
  'ring-gan': { run: ringGan, seconds: 60 },
  'ring-flow': { run: ringFlow, seconds: 60 },
};

/** A number in an option's text. */
function numberIn(text: string, option: string): number {
  const value = Number(text);
  if (text !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new Error(`--${option} takes a number, not "${text}".`);
}

function recipeIn(text: string): 'plain' | 'best' {
  if (text === 'plain' || text === 'best') return text;
  throw new Error(`--recipe is plain or best, not "${text}".`);
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: text, seconds: text, steps: text, out: text, recipe: text },
  });
  const [name = ''] = positionals;
  const example = examples[name];
  if (!example) throw new Error(`There is no example "${name}". There are: ${Object.keys(examples).join(', ')}`);
  const { seed = '0', seconds, steps, out = `.cache/examples/${name}`, recipe } = values;
  const report = await example.run({
    seed: numberIn(seed, 'seed'),
    out,
    isTuned: true,
    ...(steps !== undefined && { steps: numberIn(steps, 'steps') }),
    ...(seconds !== undefined && { seconds: numberIn(seconds, 'seconds') }),
    ...(steps === undefined && seconds === undefined && { seconds: example.seconds }),
    ...(recipe !== undefined && { recipe: recipeIn(recipe) }),
  });
  process.stdout.write(`${JSON.stringify({ example: name, seed: Number(seed), ...report })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
