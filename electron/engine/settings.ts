/** The few choices that outlive a session, in `settings.json` of the workspace. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { modelIdSchema } from '../contract/photo';
import { durableWrite } from './storage/durable-write';

const settingsSchema = z.strictObject({
  format: z.literal(1),
  /** The sample photos greet a person once. */
  haveSamplesBeenShown: z.boolean(),
  selectedModels: z.array(modelIdSchema).max(2),
});
export type Settings = z.infer<typeof settingsSchema>;

const fresh: Settings = { format: 1, haveSamplesBeenShown: false, selectedModels: [] };

export class SettingsFile {
  private current: Settings = fresh;
  private saving: Promise<void> = Promise.resolve();

  private constructor(
    private readonly file: string,
    private readonly isWritable: boolean,
  ) {}

  /** A missing or damaged file gives fresh settings: nothing in it is worth stopping for. */
  static async open({ root, isWritable }: { root: string; isWritable: boolean }): Promise<SettingsFile> {
    const settings = new SettingsFile(path.join(root, 'settings.json'), isWritable);
    settings.current = await read(settings.file);
    return settings;
  }

  get(): Settings {
    return this.current;
  }

  /** Saves in order; the returned promise settles when this change is on disk. A read-only workspace has it for this session. */
  set(change: Partial<Settings>): Promise<void> {
    this.current = { ...this.current, ...change };
    if (!this.isWritable) return Promise.resolve();
    const text = `${JSON.stringify(this.current, undefined, 2)}\n`;
    this.saving = this.saving.catch(() => undefined).then(() => durableWrite(this.file, Buffer.from(text)));
    return this.saving;
  }
}

async function read(file: string): Promise<Settings> {
  try {
    const parsed = settingsSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
    return parsed.success ? parsed.data : fresh;
  } catch {
    return fresh;
  }
}
