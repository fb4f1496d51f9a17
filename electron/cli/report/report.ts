/** One HTML page that holds everything it shows; written picture by picture, so that its length costs no memory. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { throwIfCancelled } from '../../contract/errors';
import { formatConfidence, type Photo, standingOf } from '../../contract/photo';
import { durableStream, type Sink } from '../../engine/storage/durable-write';
import { markup, type Markup } from './markup';
import { card, failureRow, maxThumbs, type ReportFacts, reportFoot, reportHead, sectionHead } from './parts';

interface ReportRequest extends ReportFacts {
  target: string;
  replace: boolean;
  /** Folder of thumbnails, each called by its picture's id. */
  thumbs: string;
  /** All pictures in their order; asked for once for each section. */
  photos: () => AsyncIterable<Photo>;
  signal: AbortSignal;
  progress: (fraction: number) => void;
}

const thumbTypes = { '.jpg': 'image/jpeg', '.webp': 'image/webp', '.png': 'image/png' } as const;

export async function writeReport(request: ReportRequest): Promise<void> {
  await durableStream(request.target, { replace: request.replace }, (sink) => new ReportWriter(request, sink).write());
}

class ReportWriter {
  private written = 0;
  private thumbs = 0;

  constructor(
    private readonly request: ReportRequest,
    private readonly sink: Sink,
  ) {}

  async write(): Promise<void> {
    const { request } = this;
    await this.put(reportHead(request));
    await this.cards('sure', request.tally.sure, '');
    const note = `below ${formatConfidence(request.threshold)}: a guess, not a label`;
    await this.cards('unsure', request.tally.unsure, note);
    await this.failures();
    await this.put(reportFoot(request));
  }

  private async cards(kind: 'sure' | 'unsure', count: number, note: string): Promise<void> {
    if (count === 0) return;
    const { model, threshold } = this.request;
    await this.put(sectionHead(kind, count, note));
    await this.put(markup`<ul class="grid">`);
    for await (const photo of this.request.photos()) {
      if (standingOf(photo, model.entry.id, threshold) !== kind) continue;
      await this.put(card(photo, model.entry.id, kind, await this.thumb(photo)));
      this.step();
    }
    await this.put(markup`</ul>`);
  }

  private async failures(): Promise<void> {
    if (this.request.tally.failed === 0) return;
    await this.put(sectionHead('failed', this.request.tally.failed, ''));
    await this.put(markup`<table class="failures"><tbody>`);
    for await (const photo of this.request.photos()) {
      if (photo.state !== 'failed') continue;
      await this.put(failureRow(photo));
      this.step();
    }
    await this.put(markup`</tbody></table>`);
  }

  private put(part: Markup): Promise<void> {
    return this.sink.write(part.text);
  }

  private step(): void {
    throwIfCancelled(this.request.signal);
    this.written += 1;
    this.request.progress(Math.min(1, this.written / Math.max(1, this.request.tally.total)));
  }

  private async thumb(photo: Photo): Promise<string | undefined> {
    if (!photo.hasThumb || this.thumbs >= maxThumbs) return undefined;
    for (const [ending, type] of Object.entries(thumbTypes)) {
      const bytes = await readFile(path.join(this.request.thumbs, photo.id + ending)).catch(() => undefined);
      if (bytes === undefined) continue;
      this.thumbs += 1;
      return `data:${type};base64,${bytes.toString('base64')}`;
    }
    return undefined;
  }
}
