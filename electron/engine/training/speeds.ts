/** How many steps a second earlier runs made on this machine, in a file of the workspace's cache: for saying how long a run will take. */
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { SettingValue } from '../../contract/model-card';
import type { DataShape } from '../../../models/zoo/data-shape';
import { durableWrite } from '../storage/durable-write';

const speedsSchema = z.record(z.string(), z.number().positive());

export class Speeds {
  private constructor(
    private readonly file: string,
    private readonly known: Map<string, number>,
  ) {}

  static async open(file: string): Promise<Speeds> {
    const known = await readFile(file, 'utf8').then(
      (text) => speedsSchema.parse(JSON.parse(text)),
      () => ({}),
    ).catch(() => ({})); // prettier-ignore
    return new Speeds(file, new Map(Object.entries(known)));
  }

  /** Steps a second of a net of these settings on samples of this shape. */
  of(settings: Readonly<Record<string, SettingValue>>, shape: DataShape): number | undefined {
    return this.known.get(keyOf(settings, shape));
  }

  async note(settings: Readonly<Record<string, SettingValue>>, shape: DataShape, stepsPerSecond: number): Promise<void> {
    if (!(stepsPerSecond > 0 && Number.isFinite(stepsPerSecond))) return;
    this.known.set(keyOf(settings, shape), stepsPerSecond);
    await mkdir(path.dirname(this.file), { recursive: true });
    await durableWrite(this.file, Buffer.from(JSON.stringify(Object.fromEntries(this.known)), 'utf8'));
  } // prettier-ignore
}

/** Rates and weights of losses do not change how long a step takes, and stand in the key all the same: a few more entries. */
function keyOf(settings: Readonly<Record<string, SettingValue>>, shape: DataShape): string {
  const sorted = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([sorted, shape]))
    .digest('hex')
    .slice(0, 16);
}
