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

/** How long something took or will take: "0.4 s", "41 s", "2 min", "1 h 5 min". */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${Math.max(0.1, seconds).toFixed(1)}${thin}s`;
  if (seconds < 99.5) return `${Math.round(seconds)}${thin}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes}${thin}min`;
  return `${formatCount(Math.floor(minutes / 60))}${thin}h ${minutes % 60}${thin}min`;
}

const hours = new Intl.DateTimeFormat('en', { hour: 'numeric', minute: '2-digit', hourCycle: 'h23' });
const seconds = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** Time of day by this machine's clock: "9:52". */
export function formatClock(at: number): string {
  return hours.format(at).replace(/^0(?=\d:)/, '');
}

/** The same with seconds, for logs: "09:52:07". */
export function formatClockSeconds(at: number): string {
  return seconds.format(at);
}

/** Any speed: "3,410 images/s", "0.4 files/s". */
export function formatSpeed(perSecond: number, unit: string): string {
  return `${perSecond < 9.95 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond))}${thin}${unit === '' ? '' : `${unit}/`}s`;
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

/** A share as a percentage, one decimal, never 100.0 % nor 0.0 % unless it is. */
export function formatShare(share: number): string {
  if (share >= 1) return `100${thin}%`;
  if (share <= 0) return `0${thin}%`;
  return `${Math.min(99.9, Math.max(0.1, share * 100)).toFixed(1)}${thin}%`;
}
