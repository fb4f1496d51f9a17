/** How sure the model was of how many pictures, with the threshold standing in between. */
import { binCount } from '../classify/tally';
import { markup, type Markup } from './markup';

const width = 500;
const baseLine = 76;
const room = 64;
const dotRadius = 4;
const maxDots = 7;

/** One dot a picture while they fit, as in the window; bars when there are more. */
export function plot(bins: readonly number[], threshold: number): Markup {
  const highest = Math.max(1, ...bins);
  const marks = bins.flatMap((count, bin) => {
    const middle = (bin + 0.5) / binCount;
    const tone = middle >= threshold ? 'var(--real)' : 'var(--warn-fill)';
    if (count === 0) return [];
    return highest > maxDots ? [column(middle * width, count / highest, tone)] : dots(middle * width, count, tone);
  });
  const at = threshold * width;
  return markup`<svg viewBox="0 0 ${width} 96" role="img" aria-label="How many pictures have which confidence">
<path d="M0 ${baseLine}H${width}" stroke="var(--track)" stroke-width="3" stroke-linecap="round"/>
<path d="M${at} ${baseLine}H${width}" stroke="var(--rail)" stroke-width="3" stroke-linecap="round"/>
${marks}<path d="M${at} 8V${baseLine}" stroke="var(--text-1)" stroke-width="1.5"/>
<circle cx="${at}" cy="${baseLine}" r="5" fill="var(--paper)" stroke="var(--text-1)" stroke-width="2"/>
<text x="0" y="95">0</text><text x="${width / 2}" y="95" text-anchor="middle">50</text><text x="${width}" y="95" text-anchor="end">100 %</text>
</svg>`;
}

function dots(x: number, count: number, tone: string): Markup[] {
  return Array.from({ length: count }, (_, index) => {
    const y = baseLine - 8 - index * (2 * dotRadius + 1);
    return markup`<circle cx="${x}" cy="${y}" r="${dotRadius}" fill="${tone}"/>`;
  });
}

function column(x: number, share: number, tone: string): Markup {
  const height = Math.max(2, share * room);
  const top = (baseLine - 4 - height).toFixed(1);
  return markup`<rect x="${x - 3.5}" y="${top}" width="7" height="${height.toFixed(1)}" rx="2" fill="${tone}"/>`;
}
