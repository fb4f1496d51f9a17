/** Small parts without state of their own: marks, tags, bars, keys, captions. */
import type { ReactNode } from 'react';

export type Voice = 'gen' | 'real' | 'warn' | 'bad' | 'slate';

export function Mark({ voice }: { voice: Voice }): ReactNode {
  return <span className={`mark mark-${voice}`} aria-hidden="true" />;
}

export function Tag({ voice, children }: { voice: Voice; children: ReactNode }): ReactNode {
  return (
    <span className={`tag tag-${voice}`}>
      <Mark voice={voice} />
      {children}
    </span>
  );
}

export type TrackTone = 'gen' | 'real' | 'warn' | 'bad' | 'ink' | 'mute';

/** A bar of confidence or progress; decorative, since the number always stands beside it. */
export function Track({
  value,
  tone,
  className = '',
}: {
  value: number;
  tone: TrackTone;
  className?: string;
}): ReactNode {
  const width = `${Math.min(1, Math.max(0, value)) * 100}%`;
  return (
    <span className={`track track-${tone} ${className}`} aria-hidden="true">
      <span style={{ width }} />
    </span>
  );
}

/** The bar of something under way, told to assistive software too. */
export function Progress({ value, label }: { value: number | null; label: string }): ReactNode {
  return (
    <span
      className="track track-ink progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(value === null ? {} : { 'aria-valuenow': Math.floor(value * 100) })}
    >
      <span style={{ width: `${(value ?? 0) * 100}%` }} />
    </span>
  );
}
