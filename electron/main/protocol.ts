/** Serves the page and its pictures over `duet://`; there is no file:// and no other root. */
import { protocol, type Session } from 'electron';
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { contentPolicy } from './content-policy';
import type { EngineLink } from './engine-link';
import { contentType, isInside, readAddress } from './page-files';

/** Before the application is ready: `duet` is a standard, secure scheme. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: 'duet',
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
}

export function servePage(session: Session, pageRoot: string, engine: EngineLink): void {
  session.protocol.handle('duet', async (request) => {
    try {
      return await answer(request, pageRoot, engine);
    } catch {
      return refuse(404);
    }
  });
}

async function answer(request: Request, pageRoot: string, engine: EngineLink): Promise<Response> {
  if (request.method !== 'GET') return refuse(405);
  const wanted = readAddress(request.url);
  if (wanted.kind === 'refused') return refuse(403);
  if (wanted.kind === 'page') return pageFile(pageRoot, wanted.relative);
  const folder = await engine.imageFolder(wanted.kind);
  const bytes = await readFile(path.join(folder, `${wanted.id}.jpg`));
  return respond(bytes, 'image/jpeg', 'no-cache');
}

async function pageFile(root: string, relative: string): Promise<Response> {
  const type = contentType(relative);
  if (type === undefined) return refuse(403);
  const realRoot = await realpath(root);
  const file = await realpath(path.join(realRoot, relative));
  if (!isInside(realRoot, file)) return refuse(403);
  return respond(await readFile(file), type, 'no-cache');
}

function respond(bytes: Uint8Array, type: string, cache: string): Response {
  return new Response(bytes, {
    headers: {
      'content-type': type,
      'cache-control': cache,
      'content-security-policy': contentPolicy,
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
    },
  });
}

function refuse(status: number): Response {
  return new Response(null, { status });
}
