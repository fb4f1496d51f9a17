/** The figures of the report as small bar charts; each bar opens the samples that it counts. */
import type { ReactNode } from 'react';
import type { Report } from '../../../electron/contract/datasets';
import { replaceSampleFilter, setData } from '../../state/data-load';
import { useData } from '../../state/use-data';
import { useStudio } from '../../state/use-studio';
import { formatCount } from '../../ui/format';

type Histogram = Report['histograms'][number];

export function Figures(): ReactNode {
  const studio = useStudio();
  const histograms = useData((data) => data.report?.histograms ?? none);
  const isOpen = useData((data) => data.showsFigures);
  if (histograms.length === 0) return null;
  return (
    <section className="figures" aria-label="Figures">
      <button
        type="button"
        className="link caption"
        aria-expanded={isOpen}
        onClick={() => setData(studio, { showsFigures: !isOpen })}
      >
        {isOpen ? 'Hide the figures' : `Figures: ${histograms.map((one) => one.title.toLowerCase()).join(', ')}`}
      </button>
      {isOpen && (
        <div className="figure-row" tabIndex={0} role="group" aria-label="Histograms">
          {histograms.map((histogram) => (
            <Figure key={histogram.id} histogram={histogram} />
          ))}
        </div>
      )}
    </section>
  );
}

const none: Report['histograms'] = [];

function Figure({ histogram }: { histogram: Histogram }): ReactNode {
  const studio = useStudio();
  const chosen = useData((data) => (data.filter.bin?.histogram === histogram.id ? data.filter.bin.bin : null));
  const { bins, title, unit } = histogram;
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  const first = bins[0];
  const last = bins[bins.length - 1];
  const suffix = unit === '' ? '' : `\u202f${unit}`;
  return (
    <figure className="figure">
      <figcaption className="caption">{title}</figcaption>
      <div className="figure-bars">
        {bins.map(({ from, to, count }, bin) => {
          const words = `${edge(from)} to ${edge(to)}${suffix}: ${formatCount(count)}`;
          return (
            <button
              key={bin}
              type="button"
              className="figure-bar"
              aria-label={words}
              title={words}
              aria-pressed={chosen === bin}
              onClick={() =>
                replaceSampleFilter(studio, chosen === bin ? {} : { bin: { histogram: histogram.id, bin } })
              }
            >
              <span style={{ height: `${count === 0 ? 0 : Math.max(4, (count / most) * 100)}%` }} />
            </button>
          );
        })}
      </div>
      <div className="row caption num">
        <span className="grow">{first === undefined ? '' : edge(first.from)}</span>
        <span>
          {last === undefined ? '' : edge(last.to)}
          {suffix}
        </span>
      </div>
    </figure>
  );
}

/** Three digits say enough under a chart. */
function edge(value: number): string {
  if (Number.isInteger(value)) return formatCount(value);
  return Math.abs(value) >= 100 ? formatCount(Math.round(value)) : String(Number(value.toPrecision(3)));
}
