/** What a figure is: one training run and what it reached. */

/** How a figure is measured. */
export interface FigureRun {
  readonly seed: number;
  /** Share of the recipe's steps; 1 for what counts. */
  readonly scale: number;
}

/** What is printed of a figure, beside its name and seed. */
export interface FigureResult {
  readonly steps: number;
  readonly seconds: number;
  readonly msPerStep: number;
  /** Processor time, all threads together. */
  readonly cpuMsPerStep: number;
  readonly metrics: Readonly<Record<string, number | string>>;
  /** What should be reached, and whether it was. */
  readonly goal: string;
  readonly reached: boolean;
}

export type Figure = (run: FigureRun) => Promise<readonly FigureResult[]>;

/** A number for people: `digits` behind the point at most. */
export const rounded = (value: number, digits = 4): number => Number(value.toFixed(digits));

/** Steps of a shorter or whole run. */
export const stepsOf = (whole: number, { scale }: FigureRun): number => Math.max(1, Math.round(whole * scale));

/** The times of a run, for print. */
export function timesOf({
  seconds,
  msPerStep,
  cpuMsPerStep,
}: Omit<FigureResult, 'steps' | 'metrics' | 'goal' | 'reached'>) {
  return { seconds: rounded(seconds, 1), msPerStep: rounded(msPerStep, 2), cpuMsPerStep: rounded(cpuMsPerStep, 2) };
}
