/** One walk over the pixels of all pictures: copies, colours, what is uniform, grey or was much smaller. */
import { throwIfCancelled } from '../../../contract/errors';
import type { Report } from '../../../contract/datasets';
import { splitNames } from '../../../contract/samples';
import { NearDuplicates } from './alike/near-duplicates';
import type { Pair } from './groups';
import type { Shape } from './alike/outline';
import type { Draft, KindFindings } from './draft';
import { histogramOf } from './histogram';
import { included, noun, samplesOf, type Subject, type Watch } from './subject';

/** Pixels read at once, about. */
const bytesAtOnce = 4 << 20;
/** A picture is uniform when its brightness deviates less than this, in 0..255. */
const uniformBelow = 3;
/** A picture is oddly shaped when one side is longer than the other by more than this. */
const oddRatio = 3;
/** It was small when it had to be enlarged this much. */
const enlarged = 2;

export interface ImageFacts extends KindFindings {
  readonly channels: Report['channels'];
  readonly near: readonly Pair[];
}

export async function checkImages(subject: Subject, shape: Shape, watch: Watch): Promise<ImageFacts> {
  const samples = included(subject);
  const walk = new PixelWalk(subject, shape, samples.length);
  const size = shape.height * shape.width * shape.channels;
  const step = Math.max(1, Math.floor(bytesAtOnce / size));
  for (let from = 0; from < samples.length; from += step) {
    throwIfCancelled(watch.signal);
    const some = samples.slice(from, from + step);
    const pixels = await subject.data.images(some);
    some.forEach((sample, k) => walk.look(sample, pixels.subarray(k * size, (k + 1) * size)));
    await watch.breathe((0.6 * (from + some.length)) / samples.length);
  }
  const near = await walk.alike.pairs({
    read: (index) => subject.data.images([index]),
    signal: watch.signal,
    breathe: (share) => watch.breathe(0.6 + 0.4 * share),
  });
  return { findings: walk.findings(samples), histograms: walk.histograms(), channels: walk.channels(), near };
}

class PixelWalk {
  readonly alike: NearDuplicates;
  private readonly contrast: Float64Array;
  private readonly brightness: Float64Array;
  private readonly colour: Float64Array;
  private readonly greys: number[] = [];
  private readonly sums = [0, 0, 0];
  private readonly squares = [0, 0, 0];
  private learned = 0;

  constructor(
    private readonly subject: Subject,
    private readonly shape: Shape,
    count: number,
  ) {
    this.alike = new NearDuplicates(shape, count);
    this.contrast = new Float64Array(subject.count).fill(NaN);
    this.brightness = new Float64Array(subject.count).fill(NaN);
    this.colour = new Float64Array(subject.count).fill(NaN);
  }

  look(sample: number, pixels: Uint8Array): void {
    this.contrast[sample] = this.alike.add(sample, pixels);
    const isLearned = splitNames[this.subject.split[sample] ?? 0] === 'train';
    const { channels } = this.shape;
    const area = pixels.length / channels;
    let all = 0;
    for (let channel = 0; channel < channels; channel++) {
      let [sum, squares] = [0, 0];
      for (let k = channel; k < pixels.length; k += channels) {
        const value = pixels[k] ?? 0;
        sum += value;
        squares += value * value;
      }
      all += sum;
      if (!isLearned) continue;
      this.sums[channel] = (this.sums[channel] ?? 0) + sum / area;
      this.squares[channel] = (this.squares[channel] ?? 0) + squares / area;
    }
    if (isLearned) this.learned++;
    this.brightness[sample] = (100 * all) / (255 * pixels.length);
    if (channels === 3) this.lookAtColour(sample, pixels);
  }

  private lookAtColour(sample: number, pixels: Uint8Array): void {
    let sum = 0;
    for (let k = 0; k < pixels.length; k += 3) {
      const [red, green, blue] = [pixels[k] ?? 0, pixels[k + 1] ?? 0, pixels[k + 2] ?? 0];
      sum += Math.max(red, green, blue) - Math.min(red, green, blue);
    }
    this.colour[sample] = (100 * sum) / (255 * (pixels.length / 3));
    if (sum === 0) this.greys.push(sample);
  }

  channels(): Report['channels'] {
    if (this.learned === 0) return [];
    return this.sums.slice(0, this.shape.channels).map((sum, channel) => {
      const mean = sum / this.learned;
      const variance = (this.squares[channel] ?? 0) / this.learned - mean * mean;
      return { mean: mean / 255, deviation: Math.sqrt(Math.max(0, variance)) / 255 };
    });
  }

  findings(samples: readonly number[]): Draft[] {
    const sizes = sizeFindings(this.subject, this.shape, samples);
    return [...this.uniform(samples), ...sizes, ...this.greyOnes(samples)];
  }

  private uniform(samples: readonly number[]): Draft[] {
    const members = samples.filter((sample) => (this.contrast[sample] ?? NaN) < uniformBelow);
    if (members.length === 0) return [];
    const sentence = `${samplesOf('image', members.length)} ${members.length === 1 ? 'is' : 'are'} nearly one colour.`;
    return [{ id: 'uniform', tone: 'look', sentence, advice: 'Often blank scans or broken downloads.', members }];
  }

  private greyOnes(samples: readonly number[]): Draft[] {
    const members = this.greys;
    if (members.length === 0) return [];
    if (members.length === samples.length) {
      const sentence = 'All images are grey, though stored in colour.';
      return [{ id: 'all-grey', tone: 'info', sentence, advice: 'As grey they take a third of the space.', members }];
    }
    const sentence = `${samplesOf('image', members.length)} ${members.length === 1 ? 'is' : 'are'} grey among colour.`;
    const advice = 'If they are mostly of one class, a judge learns the colour instead.';
    return [{ id: 'grey-among-colour', tone: 'info', sentence, advice, members }];
  }

  histograms(): KindFindings['histograms'] {
    const { size, excluded, count } = this.subject;
    const longest = Float64Array.from({ length: count }, (_, i) =>
      excluded[i] === 1 || size.length === 0 ? NaN : Math.max(size[2 * i] ?? 0, size[2 * i + 1] ?? 0),
    );
    return [
      ...histogramOf(this.brightness, { id: 'brightness', title: 'Brightness', unit: '%', range: [0, 100] }),
      ...histogramOf(this.contrast.map((value) => (100 * value) / 127.5), { id: 'contrast', title: 'Contrast', unit: '%', range: [0, 100] }), // prettier-ignore
      ...histogramOf(this.colour, { id: 'colour', title: 'Colourfulness', unit: '%', range: [0, 100] }),
      ...histogramOf(longest, { id: 'longest-side', title: 'Longest side of the file', unit: 'px' }),
    ];
  }
}

function sizeFindings({ size }: Subject, { height, width }: Shape, samples: readonly number[]): Draft[] {
  if (size.length === 0) return [];
  const sidesOf = (sample: number): [number, number] => [size[2 * sample] ?? 1, size[2 * sample + 1] ?? 1];
  const odd = samples.filter((sample) => {
    const [h, w] = sidesOf(sample);
    // A pack that is as long itself loses nothing.
    return Math.max(h / w, w / h) > oddRatio && Math.max((h * width) / (w * height), (w * height) / (h * width)) > 1.5;
  });
  const small = samples.filter((sample) => {
    const [h, w] = sidesOf(sample);
    return Math.min(height / h, width / w) >= enlarged;
  });
  const drafts: Draft[] = [];
  const is = (members: readonly number[]): string => (members.length === 1 ? 'is' : 'are');
  if (odd.length > 0) {
    const sentence = `${samplesOf('image', odd.length)} ${is(odd)} more than three times as long as wide, or as wide as long.`;
    const advice = `Fitted to ${width} x ${height}, most of them is cut off, small or squeezed.`;
    drafts.push({ id: 'odd-shapes', tone: 'look', sentence, advice, members: odd });
  }
  if (small.length > 0) {
    const sentence = `${samplesOf('image', small.length)} ${small.length === 1 ? 'was' : 'were'} half of ${width} x ${height} or smaller.`;
    const advice = `Enlarged ${noun('image', 2)} are blurred: a generator learns the blur.`;
    drafts.push({ id: 'enlarged', tone: 'look', sentence, advice, members: small });
  }
  return drafts;
}
