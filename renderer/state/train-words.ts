/** What is said of a run: what it is doing, and how the model does, in a sentence with what to do about it; pure. */
import type { Check, TrainingEntry, TrainingRun } from '../../electron/contract/training';
import { allRight, mistakesOf } from '../charts/matrix-facts';
import { countOf, formatCount, formatDuration, formatShare } from '../ui/format';
import { isLive } from './train-state';

const thin = '\u202f';

type Phase = TrainingRun['phase'];

const phases: Readonly<Record<Phase, string>> = {
  preparing: 'getting ready',
  training: 'training',
  checking: 'training',
  resting: 'paused',
  kept: 'kept',
  failed: 'stopped',
  stopped: 'cancelled',
};

/** "training 61 %", "kept". */
export function phaseWords({ phase, step, steps }: Pick<TrainingEntry, 'phase' | 'step' | 'steps'>): string {
  const isUnderWay = phase === 'training' || phase === 'checking' || phase === 'resting';
  const share = isUnderWay && steps !== null && steps > 0 ? ` ${Math.floor((step / steps) * 100)}${thin}%` : '';
  return phases[phase] + share;
}

/** Numbers of curves and checks by their unit, one rule for each. */
export function formatMetric(value: number, unit: string): string {
  const known = unit === '' ? '' : `${thin}${unit}`;
  if (!Number.isFinite(value)) return '–';
  if (unit === '%') return `${value.toFixed(1)}${known}`;
  if (Number.isInteger(value)) return `${formatCount(value)}${known}`;
  const size = Math.abs(value);
  if (size >= 100) return `${formatCount(Math.round(value))}${known}`;
  return `${value.toFixed(size >= 10 ? 1 : size >= 0.1 ? 2 : 3)}${known}`;
}

export type Tone = 'good' | 'wait' | 'look' | 'bad';

export interface Told {
  tone: Tone;
  sentence: string;
  advice: string;
}

/** The newest look that says something. */
function newest(checks: readonly Check[], has: (check: Check) => boolean): Check | undefined {
  for (let place = checks.length - 1; place >= 0; place -= 1) {
    const check = checks[place];
    if (check !== undefined && has(check)) return check;
  }
  return undefined;
}

export function verdictCheck(checks: readonly Check[]): Check | undefined {
  return newest(checks, ({ verdict }) => verdict !== null);
}

const tones = { early: 'wait', healthy: 'good', poor: 'look', collapsed: 'bad', broken: 'bad' } as const;

/** The line on top of a run. */
export function told(run: TrainingRun, isResting: boolean): Told {
  const model = run.purpose === 'generator' ? generatorTold(run) : judgeTold(run);
  if (run.phase === 'failed') return failedTold(run);
  if (run.phase === 'stopped') return { tone: 'wait', sentence: 'Cancelled.', advice: 'Nothing of it was kept.' };
  if (run.phase === 'preparing') {
    const advice = 'Compiles the network and measures how fast this machine is. This takes some seconds.';
    return { tone: 'wait', sentence: 'Getting ready.', advice };
  }
  if (!isResting || model === null) return model ?? young(run, isResting);
  return { ...model, advice: `Paused at step ${formatCount(run.step)}. ${model.advice}` };
}

function young(run: TrainingRun, isResting: boolean): Told {
  if (isResting) return { tone: 'wait', sentence: `Paused at step ${formatCount(run.step)}.`, advice: 'Resume when you like; nothing is lost.' }; // prettier-ignore
  if (run.phase === 'kept') {
    const sentence = `In the library after ${countOf(run.step, 'step')}.`;
    const unjudged = 'Nothing judged its drawings: a judge that knows the classes can, on the Compare screen.';
    return { tone: 'good', sentence, advice: run.purpose === 'generator' ? unjudged : '' };
  }
  const isUnjudged = run.purpose === 'generator' && run.judge === null && run.checks.length > 1;
  return {
    tone: 'wait',
    sentence: 'It is learning.',
    advice: isUnjudged ? 'There is no judge that knows these classes: look at the drawings yourself.' : 'The first verdict comes soon.', // prettier-ignore
  };
}

function failedTold(run: TrainingRun): Told {
  const isDiverged = run.failure?.code === 'training/diverged';
  return {
    tone: 'bad',
    sentence: isDiverged ? 'The numbers ran away.' : `It stopped at step ${formatCount(run.step)}.`,
    advice: isDiverged ? 'A loss that is no number teaches nothing: the run has stopped.' : 'What to do stands below.',
  };
}

function generatorTold({ checks }: TrainingRun): Told | null {
  const verdict = verdictCheck(checks)?.verdict;
  if (verdict === null || verdict === undefined) return null;
  return { tone: tones[verdict.state], sentence: verdict.sentence, advice: verdict.advice };
}

/** Guessing is right this often more than chance allows. */
const lowRight = 0.5;

function judgeTold(run: TrainingRun): Told | null {
  const check = newest(run.checks, ({ metrics }) => accuracyOf(metrics) !== null);
  const accuracy = check === undefined ? null : accuracyOf(check.metrics);
  if (check === undefined || accuracy === null || (check.step === 0 && isLive(run))) return null;
  const where = check.metrics['test.accuracy'] === undefined ? 'it has not seen' : 'of the test part';
  const sentence = `${formatShare(accuracy)} of the samples ${where} are answered right.`;
  const overfit = learnedByHeart(run);
  if (overfit !== null) {
    const advice = `It begins to learn by heart: the validation loss has risen since step ${formatCount(overfit)}. ${keptWords(run)}`;
    return { tone: 'look', sentence, advice };
  }
  return { tone: accuracy < lowRight && !isLive(run) ? 'look' : 'good', sentence, advice: `${worstWords(run, check)}${keptWords(run)}` }; // prettier-ignore
}

function accuracyOf(metrics: Check['metrics']): number | null {
  return metrics['test.accuracy'] ?? metrics['validation.accuracy'] ?? null;
}

function worstWords({ classes }: TrainingRun, { confusion }: Check): string {
  if (confusion === null || allRight(confusion) === null) return '';
  const [worst] = mistakesOf(confusion, 1);
  if (worst === undefined) return 'Not one mistake among them. ';
  const [right, taken] = [classes[worst.row], classes[worst.column]];
  return right === undefined || taken === undefined ? '' : `Its most frequent mistake: ${right} taken for ${taken}. `;
}

function keptWords({ best, phase }: TrainingRun): string {
  if (best === null) return '';
  return phase === 'kept' ? `Step ${formatCount(best.step)} was kept.` : `The best step so far, ${formatCount(best.step)}, is kept.`;
} // prettier-ignore

/** How far the validation loss must be above its lowest, and for how many looks, to call it a rise. */
const [riseBy, riseFor] = [1.15, 3];

/** The step since which the validation loss has clearly risen; null when it has not. */
export function learnedByHeart({ checks }: Pick<TrainingRun, 'checks'>): number | null {
  const losses = checks.flatMap(({ step, metrics }) => {
    const loss = metrics['validation.loss'];
    return loss === undefined ? [] : [{ step, loss }];
  });
  const [first] = losses;
  if (first === undefined) return null;
  const lowest = losses.reduce((best, one) => (one.loss < best.loss ? one : best), first);
  const after = losses.filter(({ step }) => step > lowest.step).slice(-riseFor);
  const hasRisen = after.length === riseFor && after.every(({ loss }) => loss > lowest.loss * riseBy);
  return hasRisen ? lowest.step : null;
}

/** "step 1,200 of 2,458", "step 1,200". */
export function stepWords({ step, steps }: Pick<TrainingRun, 'step' | 'steps'>): string {
  return steps === null ? `step ${formatCount(step)}` : `step ${formatCount(step)} of ${formatCount(steps)}`;
}

/** What a run took, once it is over. */
export function tookWords({ workedMs, samplesPerSecond }: TrainingRun, noun: string): string {
  const speed = samplesPerSecond === null ? '' : ` · ${formatCount(Math.round(samplesPerSecond))}${thin}${noun}/s`;
  return `${formatDuration(workedMs)} at work${speed}`;
}
