/** One run of a comparison: the first drawings at once, then how good the judges are, then all other drawings. */
import type { JudgeReport } from '../../contract/comparison';
import { throwIfCancelled } from '../../contract/errors';
import type { OpenDataset } from '../datasets/open-dataset';
import type { JobContext, JobResult } from '../jobs/job-kind';
import { putDrawings, putReal } from './data-file';
import type { Fitted, FittedJudge } from './fit';
import { judgeReport, trainingNote } from './judge-report';
import { LiveComparison } from './live';
import type { CompareParameters } from './parameters';
import type { CompareParts } from './parts';
import { draw, Pace, read } from './reader';
import { Readings } from './readings';
import { type Labelled, mostMeasured, type RealSamples, realSamples } from './real-data';
import { recordFile } from './record';

export class CompareRun {
  private readonly live: LiveComparison;
  private readonly real: RealSamples | undefined;
  /** Features of the first drawings of each generator, and of the real samples, by judge. */
  private readonly drawn: readonly Readings[];
  private readonly held: Readings;
  private readonly pace = new Pace();
  private readonly units: { done: number; readonly total: number };

  constructor(
    private readonly parts: CompareParts,
    private readonly context: JobContext<CompareParameters>,
    private readonly models: Fitted,
    private readonly dataset: OpenDataset | undefined,
  ) {
    const { parameters, id } = context;
    const { classes, generators, judges } = models;
    this.live = new LiveComparison(parameters, id, models.shape);
    const total = parameters.perClass * classes.length;
    this.real = dataset && realSamples(dataset, classes, total);
    this.drawn = generators.map(() => new Readings(judges.length, Math.min(total, mostMeasured), classes.length));
    this.held = new Readings(judges.length, this.real?.test.index.length ?? 0, classes.length);
    this.units = { done: 0, total: total * generators.length + this.held.rows * judges.length };
  }

  async run(): Promise<JobResult> {
    const { parts, live, context } = this;
    parts.book.begin(live);
    await this.drawSlices(true);
    if (this.real !== undefined) live.reported(await this.testJudges(this.real));
    await this.drawSlices(false);
    throwIfCancelled(context.signal);
    return this.publish();
  }

  /** A slice of each generator in turn, so that all matrices fill alike. */
  private async drawSlices(isFirst: boolean): Promise<void> {
    const { live, models } = this;
    const isDone = (): boolean => live.drawings.every(({ done, size }) => done === size.total);
    do {
      for (const [place] of models.generators.entries()) await this.drawSlice(place);
    } while (!isFirst && !isDone());
  }

  private async drawSlice(place: number): Promise<void> {
    const { live, models, context, parts } = this;
    const { signal, parameters } = context;
    const drawings = live.drawings[place];
    const generator = models.generators[place];
    if (drawings === undefined || generator === undefined || drawings.done === drawings.size.total) return;
    const from = drawings.done;
    const to = Math.min(drawings.size.total, from + this.pace.next());
    const started = parts.now();
    const plan = { ...parameters, classes: models.classes.length };
    const { samples } = await draw(parts.compute, generator, plan, from, to, signal);
    drawings.samples.set(samples, from * drawings.size.each);
    for (const [judge, fittedJudge] of models.judges.entries()) {
      const reading = await read(parts.compute, fittedJudge, models.shape, samples, signal);
      drawings.probabilities[judge]?.set(reading.probabilities, from * models.classes.length);
      this.drawn[place]?.keep(judge, from, reading);
    }
    this.pace.took(parts.now() - started, to - from);
    live.read(place, to);
    this.step(to - from, `Drawing with ${generator.model.card.title}: ${to} of ${drawings.size.total}`);
    await context.slice(this.units.done);
  }

  /** How good each judge is on held-out samples. */
  private async testJudges(real: RealSamples): Promise<JudgeReport[]> {
    const { models, live, context } = this;
    live.real = { test: real.test, reference: real.reference, floor: real.floor };
    const reports: JudgeReport[] = [];
    for (const [place, judge] of models.judges.entries()) {
      await this.readReal(real.test, judge, place);
      reports.push(this.report(real, judge, place));
      live.reported(reports);
      this.parts.book.mark(context.parameters.id);
    }
    return reports;
  }

  private report(real: RealSamples, { model }: FittedJudge, place: number): JudgeReport {
    const { parameters } = this.context;
    const data = parameters.real ?? { id: '', title: '', revision: '' };
    return judgeReport(this.held.probabilities(place), real.test, {
      judge: model.id,
      classes: this.models.classes.length,
      unsureBelow: parameters.unsureBelow,
      note: trainingNote(model.card, data, real),
    });
  }

  private async readReal({ index }: Labelled, judge: FittedJudge, place: number): Promise<void> {
    const { dataset, parts, context } = this;
    const image = dataset?.packs.image ?? null;
    if (dataset === undefined || image === null) return;
    const shape = { ...image, channels: image.channels === 3 ? (3 as const) : (1 as const) };
    for (let from = 0; from < index.length;) {
      throwIfCancelled(context.signal);
      const to = Math.min(index.length, from + this.pace.next());
      const started = parts.now();
      const pixels = await dataset.packs.images(index.subarray(from, to));
      this.held.keep(place, from, await read(parts.compute, judge, shape, pixels, context.signal));
      this.pace.took(parts.now() - started, to - from);
      this.step(to - from, `Testing ${judge.model.card.title} on real samples: ${to} of ${index.length}`);
      from = to;
    }
  }

  private step(count: number, doing: string): void {
    const { units, context, live, parts } = this;
    units.done += count;
    live.tell(units.done / units.total, doing);
    parts.book.mark(context.parameters.id);
    context.progress(units.done, units.total, 'samples', doing);
  }

  private async publish(): Promise<JobResult> {
    const { parts, live, context, real, drawn, held } = this;
    live.tell(1, 'Writing it down');
    const kept: string[] = [];
    for (const [place, drawings] of live.drawings.entries())
      kept.push(await putDrawings(parts.objects, drawings, drawn[place]?.features() ?? new Map()));
    const probabilities = this.models.judges.map((_, place) => held.probabilities(place));
    const realObject = real === undefined ? null : await putReal(parts.objects, real, probabilities, held.features());
    const { id } = context.parameters;
    live.state = 'done';
    await parts.book.publish({ format: 1, comparison: live.comparison, drawings: kept, real: realObject, isRemoved: false }); // prettier-ignore
    const files = [recordFile(id), ...kept, ...(realObject === null ? [] : [realObject])];
    return { comparison: id, summary: summaryOf(live), files };
  }
}

/** "digits-gan read by digits-judge: 98.2 % as asked (1,000 drawings)" */
function summaryOf({ comparison }: LiveComparison): string {
  const [pair] = comparison.pairs;
  const drawings = (pair?.total ?? 0) * comparison.generators.length;
  return `${comparison.title}: ${drawings.toLocaleString('en-US')} drawings`;
}
