/** The curves of a run: every so many steps a point, the mean since the last one. They depend on the steps alone, not on the clock. */
import * as z from 'zod';
import type { Curve } from '../../../contract/training';

/** What a number that a step or a check reports is called, and beside which others it stands. */
export type CurveLook = Pick<Curve, 'title' | 'chart' | 'unit' | 'voice'>;

const looks: Readonly<Record<string, CurveLook>> = {
  loss: { title: 'Training', chart: 'Loss', unit: 'nats', voice: 'neutral' },
  'validation.loss': { title: 'Validation', chart: 'Loss', unit: 'nats', voice: 'real' },
  accuracy: { title: 'Training', chart: 'Accuracy', unit: '%', voice: 'neutral' },
  'validation.accuracy': { title: 'Validation', chart: 'Accuracy', unit: '%', voice: 'real' },
  'loss.D': { title: 'Discriminator', chart: 'Loss', unit: 'nats', voice: 'real' },
  'loss.G': { title: 'Generator', chart: 'Loss', unit: 'nats', voice: 'generated' },
  'wins.D': { title: 'Judged rightly by the discriminator', chart: 'Balance', unit: '%', voice: 'neutral' },
  reconstruction: { title: 'Reconstruction', chart: 'Parts of the loss', unit: 'nats', voice: 'real' },
  kl: { title: 'Divergence from the prior', chart: 'Parts of the loss', unit: 'nats', voice: 'generated' },
  readAsAsked: { title: 'Read as asked', chart: 'Drawings', unit: '%', voice: 'generated' },
  coverage: { title: 'Coverage', chart: 'Drawings', unit: '%', voice: 'generated' },
  precision: { title: 'Precision', chart: 'Drawings', unit: '%', voice: 'generated' },
  within: { title: 'Within 3 deviations of a mode', chart: 'Points', unit: '%', voice: 'generated' },
  modes: { title: 'Modes reached', chart: 'Modes', unit: '', voice: 'generated' },
};
const plain: CurveLook = { title: '', chart: 'Others', unit: '', voice: 'neutral' };

function lookOf(name: string): CurveLook {
  return looks[name] ?? { ...plain, title: name };
}

/** Points of a curve at most, so that one never has to be thinned. */
const mostPoints = 1000;

const sumSchema = z.record(z.string(), z.tuple([z.number(), z.int()]));

/** Sums since the last point, by name: part of a checkpoint. */
export type CurveSums = z.infer<typeof sumSchema>;
export const curveSumsSchema = sumSchema;

export class Curves {
  private readonly curves = new Map<string, [number, number][]>();
  private sums: CurveSums = {};
  private fresh = new Map<string, [number, number][]>();

  constructor(private readonly every: number) {}

  /** For a run of so many steps. */
  static of(steps: number): Curves {
    return new Curves(Math.max(1, Math.ceil(steps / mostPoints)));
  }

  /** What a step reported. */
  add(step: number, name: string, value: number): void {
    const known = (this.sums[name] ??= [0, 0]);
    known[0] += value;
    known[1] += 1;
    if (step % this.every !== 0) return;
    this.point(step, name, known[0] / known[1]);
    this.sums[name] = [0, 0];
  }

  /** A point of its own: what a check found. Shares are drawn in percent. */
  point(step: number, name: string, value: number): void {
    if (!Number.isFinite(value)) return;
    const shown = lookOf(name).unit === '%' ? 100 * value : value;
    append(this.curves, name, [step, shown]);
    append(this.fresh, name, [step, shown]);
  }

  all(): Curve[] {
    return curvesOf(this.curves);
  }

  /** Points since this was last asked. */
  takeFresh(): Curve[] {
    const fresh = curvesOf(this.fresh);
    this.fresh = new Map();
    return fresh;
  }

  sumsSoFar(): CurveSums {
    return structuredClone(this.sums);
  }

  /** As a checkpoint has them. */
  restore(curves: readonly Curve[], sums: CurveSums): void {
    for (const { name, points } of curves) this.curves.set(name, [...points]);
    this.sums = structuredClone(sums);
  }
}

function append(to: Map<string, [number, number][]>, name: string, point: [number, number]): void {
  const known = to.get(name);
  if (known === undefined) to.set(name, [point]);
  else known.push(point);
}

function curvesOf(map: ReadonlyMap<string, [number, number][]>): Curve[] {
  return [...map].map(([name, points]) => ({ name, ...lookOf(name), points: [...points] }));
}
