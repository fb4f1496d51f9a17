/** News of a run added to what is known of it: points appended, looks added, long curves thinned; pure. */
import type { Check, Curve, TrainingEntry, TrainingProgress, TrainingRun } from '../../electron/contract/training';

/** As the contract has it: longer curves are thinned. */
const mostPoints = 2000;

type Point = Curve['points'][number];

/** Every second point, the last one always. */
export function thinned(points: readonly Point[], most = mostPoints): Point[] {
  let kept = [...points];
  while (kept.length > most) {
    const last = kept.length - 1;
    kept = kept.filter((_, place) => (last - place) % 2 === 0);
  }
  return kept;
}

/** A run that goes on from a checkpoint repeats steps: what was seen of them before gives way. */
function before<Item>(items: readonly Item[], stepOf: (item: Item) => number, step: number): readonly Item[] {
  const last = items.at(-1);
  return last === undefined || stepOf(last) < step ? items : items.filter((item) => stepOf(item) < step);
}

function extended(curve: Curve, news: Curve): Curve {
  const [first] = news.points;
  if (first === undefined) return curve;
  const kept = before(curve.points, ([step]) => step, first[0]);
  return { ...news, points: thinned([...kept, ...news.points]) };
}

export function withPoints(curves: readonly Curve[], news: readonly Curve[]): Curve[] {
  const fresh = new Map(news.map((curve) => [curve.name, curve]));
  const grown = curves.map((curve) => {
    const more = fresh.get(curve.name);
    fresh.delete(curve.name);
    return more === undefined ? curve : extended(curve, more);
  });
  return [...grown, ...[...fresh.values()].map((curve) => ({ ...curve, points: thinned(curve.points) }))];
}

function withCheck(checks: readonly Check[], check: Check | null): Check[] {
  if (check === null) return [...checks];
  return [...before(checks, ({ step }) => step, check.step), check];
}

/** The run after one message of news. */
export function merged(run: TrainingRun, news: TrainingProgress): TrainingRun {
  const { points, check, job, ...rest } = news;
  if (job !== run.job) return run;
  return {
    ...run,
    ...rest,
    curves: points.length === 0 ? run.curves : withPoints(run.curves, points),
    checks: check === null ? run.checks : withCheck(run.checks, check),
  };
}

/** The list after news of one of its runs; the same list when nothing that it shows has changed. */
export function mergedEntries(runs: readonly TrainingEntry[], news: TrainingProgress): readonly TrainingEntry[] {
  const old = runs.find(({ job }) => job === news.job);
  const { phase, step, steps } = news;
  if (old === undefined || (old.phase === phase && old.step === step && old.steps === steps)) return runs;
  return runs.map((entry) => (entry === old ? { ...old, phase, step, steps } : entry));
}

/** The steps that have drawings, oldest first. */
export function sheetSteps(checks: readonly Check[]): number[] {
  return checks.filter(({ hasSheet }) => hasSheet).map(({ step }) => step);
}

/** The look that is shown: at a step or, with null, the newest one. */
export function checkAt(checks: readonly Check[], step: number | null): Check | undefined {
  return step === null ? checks.at(-1) : (checks.find((check) => check.step === step) ?? checks.at(-1));
}
