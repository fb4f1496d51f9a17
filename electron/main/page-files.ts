/** From a `duet://` address to a file: pure, so that every escape can be tested without a window. */
import path from 'node:path';

export type PageFile =
  { kind: 'page'; relative: string } | { kind: 'thumbs' | 'previews'; id: string } | { kind: 'refused' };

const refused: PageFile = { kind: 'refused' };
const imageId = /^\/([a-z0-9][a-z0-9-]{0,100})$/;

/** Reads an address; anything unusual (encoded dots and slashes, NUL, other hosts) is refused. */
export function readAddress(address: string): PageFile {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return refused;
  }
  if (url.protocol !== 'duet:' || url.username !== '' || url.port !== '') return refused;
  if (url.host === 'thumb' || url.host === 'preview') {
    const id = imageId.exec(url.pathname)?.[1];
    if (id === undefined) return refused;
    return { kind: url.host === 'thumb' ? 'thumbs' : 'previews', id };
  }
  if (url.host !== 'app') return refused;
  return readPagePath(url.pathname);
}

function readPagePath(pathname: string): PageFile {
  if (/[%\\\0]/.test(pathname)) return refused;
  const relative = pathname === '/' ? 'index.html' : pathname.slice(1);
  const segments = relative.split('/');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) return refused;
  return { kind: 'page', relative };
}

/** Whether `file` lies inside `root`, both already resolved through links. */
export function isInside(root: string, file: string): boolean {
  const relative = path.relative(root, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.woff2': 'font/woff2',
};

/** The content type of a page file; undefined for kinds the page has no use for. */
export function contentType(file: string): string | undefined {
  return types[path.extname(file).toLowerCase()];
}
