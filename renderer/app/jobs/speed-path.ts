/** From speeds to the line of an SVG path: time to the right, standing still at the foot; pure. */
import type { SpeedSeen } from '../../state/jobs-state';

/** Room above and below, so that the line is not cut at the edges. */
const margin = 2;

export function speedPath(seen: readonly SpeedSeen[], width: number, height: number): string {
  const [first] = seen;
  const last = seen.at(-1);
  if (first === undefined || last === undefined || last.at <= first.at) return '';
  const most = Math.max(...seen.map((one) => one.perSecond));
  const points = seen.map(({ at, perSecond }) => {
    const x = ((at - first.at) / (last.at - first.at)) * width;
    const y = height - margin - (most === 0 ? 0 : perSecond / most) * (height - 2 * margin);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return `M${points.join('L')}`;
}
