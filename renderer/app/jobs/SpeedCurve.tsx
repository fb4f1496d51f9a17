/** The speeds seen so far as a small line from the oldest to the newest; its foot is standing still. */
import type { ReactNode } from 'react';
import type { SpeedSeen } from '../../state/jobs-state';
import { speedPath } from './speed-path';

const width = 296;
const height = 32;

export function SpeedCurve({ seen, label }: { seen: readonly SpeedSeen[]; label: string }): ReactNode {
  return (
    <svg className="speed" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <path d={speedPath(seen, width, height)} />
    </svg>
  );
}
