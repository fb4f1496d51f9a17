/** The curves of a run, chart by chart, with a table of their last values for those who do not see them. */
import { memo, type ReactNode, useMemo } from 'react';
import type { Curve, TrainingRun } from '../../../electron/contract/training';
import type { HoverStep } from '../../charts/hover-step';
import { LineChart } from '../../charts/LineChart';
import { isLive } from '../../state/train-state';
import { formatMetric } from '../../state/train-words';
import { formatCount } from '../../ui/format';

const noChart = 'Others';

export function Charts({ run, hover }: { run: TrainingRun; hover: HoverStep }): ReactNode {
  const { curves, steps, step } = run;
  const charts = useMemo(() => {
    const byName = new Map<string, Curve[]>();
    for (const curve of curves) {
      // One value is a figure, no curve; what belongs to no chart stands among the figures of the verdict.
      if (curve.points.length < 2 || curve.chart === noChart) continue;
      byName.set(curve.chart, [...(byName.get(curve.chart) ?? []), curve]);
    }
    return [...byName];
  }, [curves]);
  if (charts.length === 0) return null;
  return (
    <section className="train-section train-curves" aria-label="Curves">
      {charts.map(([title, own]) => (
        <LineChart
          key={title}
          title={title}
          curves={own}
          hover={hover}
          lastStep={Math.max(step, isLive(run) ? (steps ?? 0) : 0)}
          now={isLive(run) ? step : null}
          format={formatMetric}
        />
      ))}
      <LastValues curves={curves} />
    </section>
  );
}

const LastValues = memo(function LastValues({ curves }: { curves: readonly Curve[] }): ReactNode {
  return (
    <table className="sr-only">
      <caption>Last value of each curve</caption>
      <tbody>
        {curves.map(({ name, chart, title, unit, points }) => {
          const last = points.at(-1);
          return (
            <tr key={name}>
              <th scope="row">
                {chart}, {title}
              </th>
              <td>{last === undefined ? '–' : formatMetric(last[1], unit)}</td>
              <td>{last === undefined ? '' : `step ${formatCount(last[0])}`}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
});
