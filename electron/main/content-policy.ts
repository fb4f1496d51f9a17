/** What the page may load, in one sentence for the browser: our own files and nothing else, nothing inline. */
export const pageOrigin = 'duet://app';

export const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' duet:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** Whether a frame is ours: the main frame of our own origin. An empty or opaque address is not. */
export function isOwnFrame(url: string, isMainFrame: boolean): boolean {
  if (!isMainFrame) return false;
  return url === `${pageOrigin}/` || url.startsWith(`${pageOrigin}/`);
}
