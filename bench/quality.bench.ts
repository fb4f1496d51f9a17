/**
 * The figures of the zoo: each trains a preset from nothing for the recipe's number of steps and says what it reached, one JSON line each.
 * `npm run bench -- quality [--only NAME[,NAME]] [--seeds N] [--first-seed N] [--steps-scale X]`. What is learnt of the machine, and the judge of
 * the generators, is kept in .cache/quality.
 */
import { parseArgs } from 'node:util';
import { conditionalFlow, conditionalGan, realDigits } from './quality/conditional';
import type { Figure } from './quality/figure';
import { fashion, mnistJudge, mnistMinute } from './quality/judge';
import { flowOn, ganOn } from './quality/mixtures';
import { smallGenerator, smallJudge } from './quality/small';
import { stepTimes } from './quality/step-times';
import { vaeLong, vaeShort } from './quality/vae';

const figures: Readonly<Record<string, Figure>> = {
  'step-times': stepTimes,
  judge: mnistJudge,
  'judge-minute': mnistMinute,
  'ring-flow': flowOn('ring', 0.98),
  'grid-flow': flowOn('grid', 0.95),
  'ring-gan-plain': ganOn('ring', 'points-plain', 3000),
  'grid-gan-plain': ganOn('grid', 'points-plain', 3000),
  'ring-gan': ganOn('ring', 'points', 6000, 0.88),
  'grid-gan': ganOn('grid', 'points', 7000, 0.85),
  'vae-short': vaeShort,
  vae: vaeLong,
  'real-digits': realDigits,
  'gan-short': conditionalGan(1700, [0.98, 0.85]),
  gan: conditionalGan(3300, [0.99, 0.9]),
  flow: conditionalFlow(6065, [0.99, 0.85]),
  clothes: fashion,
  'digits8-judge': smallJudge('digits', 0.97),
  'digits8-vae': smallGenerator('vae', 'digits', 2000, [0.8, 0.5]),
  'digits8-gan': smallGenerator('gan', 'digits', 2000, [0.9, 0.7]),
  'digits8-flow': smallGenerator('flow', 'digits', 2000, [0.9, 0.7]),
  'emoji-judge': smallJudge('emoji', 0.6),
  'emoji-vae': smallGenerator('vae', 'emoji', 2000, [0.3, 0.2]),
  'emoji-gan': smallGenerator('gan', 'emoji', 3000, [0.4, 0.3]),
  'emoji-flow': smallGenerator('flow', 'emoji', 2000, [0.4, 0.3]),
};

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seeds: { type: 'string', default: '1' },
    'first-seed': { type: 'string', default: '0' },
    'steps-scale': { type: 'string', default: '1' },
  },
});
const names = values.only?.split(',') ?? Object.keys(figures);
for (const name of names) {
  const figure = figures[name];
  if (!figure) throw new Error(`There is no figure "${name}". There are: ${Object.keys(figures).join(', ')}`);
  const first = Number(values['first-seed']);
  for (let seed = first; seed < first + Number(values.seeds); seed++) {
    const results = await figure({ seed, scale: Number(values['steps-scale']) });
    for (const { metrics, goal, reached, ...times } of results) {
      console.log(JSON.stringify({ name, seed, ...times, ...metrics, goal, reached }));
    }
  }
}
