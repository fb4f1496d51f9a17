/** `duet.json`: what makes a folder a workspace, and of which version. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { isMissing } from './durable-write';

/** What this version of Duet writes. */
export const workspaceFormat = 1;

export const manifestName = 'duet.json';

const manifestSchema = z.strictObject({
  format: z.int().min(1).max(workspaceFormat),
  id: z.uuid(),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
});
export type WorkspaceManifest = z.infer<typeof manifestSchema>;

/** All that is known of a version to come. */
const newerSchema = z.looseObject({ format: z.int().min(workspaceFormat + 1), id: z.string().optional() });

export type FoundManifest =
  | { state: 'none' }
  | { state: 'known'; manifest: WorkspaceManifest }
  | { state: 'newer'; format: number; id: string }
  | { state: 'damaged' };

export async function readManifest(root: string): Promise<FoundManifest> {
  let text: string;
  try {
    text = await readFile(path.join(root, manifestName), 'utf8');
  } catch (error) {
    if (isMissing(error)) return { state: 'none' };
    throw error;
  }
  const content = parseJson(text);
  const known = manifestSchema.safeParse(content);
  if (known.success) return { state: 'known', manifest: known.data };
  const newer = newerSchema.safeParse(content);
  if (newer.success) return { state: 'newer', format: newer.data.format, id: newer.data.id ?? '' };
  return { state: 'damaged' };
}

export function manifestBytes(manifest: WorkspaceManifest): Buffer {
  return Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`, 'utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
