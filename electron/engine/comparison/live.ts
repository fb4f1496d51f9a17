/** A comparison under way: what the page is shown of it, and the numbers behind. */
import type { Comparison, JudgeReport, Measure } from '../../contract/comparison';
import type { JobView } from '../../contract/jobs';
import type { RealUse } from './data-file';
import { columnOf, Drawings } from './drawings';
import type { PictureShape } from './fit';
import { count, emptyMatrix } from './judge-report';
import type { CompareParameters } from './parameters';

/** A comparison with its drawings: from memory while it is made, from disk later. */
export interface ComparedData {
  readonly comparison: Comparison;
  readonly drawings: readonly Drawings[];
  readonly real: RealUse | undefined;
}

export class LiveComparison implements ComparedData {
  readonly drawings: readonly Drawings[];
  real: RealUse | undefined;
  private reports: JudgeReport[] = [];
  private readonly matrices: number[][][];
  private readonly measures = new Map<number, readonly Measure[]>();
  private progress = 0;
  private doing = 'Getting ready';
  state: Comparison['state'] = 'running';
  failure: Comparison['failure'] = null;

  constructor(
    readonly parameters: CompareParameters,
    readonly job: string,
    shape: PictureShape,
  ) {
    const { generators, judges, classes, perClass } = parameters;
    const size = {
      total: perClass * classes.length,
      classes: classes.length,
      judges: judges.length,
      each: shape.height * shape.width * shape.channels,
    };
    this.drawings = generators.map(() => new Drawings(size));
    this.matrices = generators.flatMap(() => judges.map(() => emptyMatrix(classes.length)));
  }

  /** Drawings up to number `to` of a generator were drawn and read. */
  read(generator: number, to: number): void {
    const { judges, classes, unsureBelow } = this.parameters;
    const drawings = this.drawings[generator];
    if (drawings === undefined) return;
    judges.forEach((_, judge) => {
      const numbers = drawings.probabilities[judge] ?? new Float32Array(0);
      for (let index = drawings.done; index < to; index++) {
        const row = numbers.subarray(index * classes.length, (index + 1) * classes.length);
        const matrix = this.matrices[this.pair(generator, judge)];
        if (matrix !== undefined) count(matrix, drawings.asked(index), columnOf(row, classes.length, unsureBelow));
      }
    });
    drawings.done = to;
  }

  matrix(generator: number, judge: number): number[][] {
    return this.matrices[this.pair(generator, judge)] ?? [];
  }

  reported(reports: readonly JudgeReport[]): void {
    this.reports = [...reports];
  }

  measured(generator: number, judge: number, measures: readonly Measure[]): void {
    this.measures.set(this.pair(generator, judge), measures);
  }

  /** `progress` in 0..1. */
  tell(progress: number, doing: string): void {
    this.progress = Math.min(1, Math.max(0, progress));
    this.doing = doing;
  }

  get comparison(): Comparison {
    const { generators, judges, advice, ...same } = this.parameters;
    return {
      ...same,
      generators,
      judges,
      job: this.job,
      state: this.state,
      failure: this.failure,
      judgeReports: [...this.reports],
      pairs: generators.flatMap((generator, g) =>
        judges.map((judge, j) => ({
          generator: generator.id,
          judge: judge.id,
          matrix: this.matrix(g, j).map((row) => [...row]),
          done: this.drawings[g]?.done ?? 0,
          total: this.drawings[g]?.size.total ?? 0,
          measures: [...(this.measures.get(this.pair(g, j)) ?? [])],
        })),
      ),
      progress: this.state === 'done' ? 1 : this.progress,
      doing: this.state === 'running' ? this.doing : '',
      ...(advice !== '' && { advice }),
    };
  }

  private pair(generator: number, judge: number): number {
    return generator * this.parameters.judges.length + judge;
  }
}

/** What the page is told of a comparison that has not begun, or was stopped in an earlier session. */
export function notBegun(parameters: CompareParameters, job: string): Comparison {
  const { generators, judges, classes, perClass, advice, ...same } = parameters;
  return {
    ...same,
    generators,
    judges,
    classes,
    perClass,
    job,
    state: 'waiting',
    failure: null,
    judgeReports: [],
    pairs: generators.flatMap((generator) =>
      judges.map((judge) => ({
        generator: generator.id,
        judge: judge.id,
        matrix: emptyMatrix(classes.length),
        done: 0,
        total: perClass * classes.length,
        measures: [],
      })),
    ),
    progress: 0,
    doing: '',
    ...(advice !== '' && { advice }),
  };
}

export function stateOf(job: JobView['state']): Comparison['state'] {
  switch (job) {
    case 'waiting':
    case 'running':
    case 'done':
    case 'failed':
      return job;
    case 'pausing':
      return 'running';
    case 'set-aside':
      return 'failed';
    case 'paused':
    case 'cancelled':
      return 'stopped';
  }
}
