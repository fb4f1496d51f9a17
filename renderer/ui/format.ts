/** Numbers as the page shows them: one rounding rule for each quantity, narrow no-break space before the unit. */
const thin = '\u202f';
const whole = new Intl.NumberFormat('en');

export function formatCount(count: number): string {
  return whole.format(count);
}

/** "1 picture", "2 pictures". */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)}${count === 1 ? ' ' + one : ' ' + many}`;
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)}${thin}${units[unit] ?? ''}`;
}

export function formatMs(ms: number): string {
  if (ms < 0.05) return `< 0.1${thin}ms`;
  return ms < 99.95 ? `${ms.toFixed(1)}${thin}ms` : `${formatCount(Math.round(ms))}${thin}ms`;
}

export function formatRate(perSecond: number): string {
  return `${perSecond < 9.95 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond))}${thin}images/s`;
}

/** Remaining time in words, coarse on purpose: it changes seldom enough to be read. */
export function formatRemaining(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 5) return 'a few seconds left';
  if (seconds < 55) return `${Math.ceil(seconds / 5) * 5}${thin}s left`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${Math.max(1, minutes)}${thin}min left`;
  return `${Math.floor(minutes / 60)}${thin}h ${minutes % 60}${thin}min left`;
}

export function formatPercent(fraction: number): string {
  return `${Math.min(100, Math.floor(fraction * 100))}${thin}%`;
}

/** Large numbers of weights: "4.7 million". */
export function formatMany(count: number): string {
  if (count >= 999_500_000) return `${(count / 1e9).toFixed(1)} billion`;
  if (count >= 999_500) return `${(count / 1e6).toFixed(1)} million`;
  return formatCount(count);
}
