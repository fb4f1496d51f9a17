/** Window place, theme and recent workspaces, in the application's own folder; a damaged file is simply forgotten. */
import { app } from 'electron';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { themeSchema } from '../contract/bridge';
import { durableWrite } from '../engine/storage/durable-write';

const preferencesSchema = z.strictObject({
  theme: themeSchema.default('system'),
  bounds: z
    .strictObject({ x: z.int(), y: z.int(), width: z.int().min(200), height: z.int().min(200) })
    .nullable()
    .default(null),
  isMaximized: z.boolean().default(false),
  /** Folders of the workspaces that were opened, the last one first. */
  workspaces: z.array(z.string()).default([]),
});
export type Preferences = z.infer<typeof preferencesSchema>;

export class PreferencesFile {
  private readonly file = path.join(app.getPath('userData'), 'preferences.json');
  private current = read(this.file);

  get(): Preferences {
    return this.current;
  }

  set(change: Partial<Preferences>): void {
    this.current = { ...this.current, ...change };
    // Losing a window position is no reason to disturb anyone.
    durableWrite(this.file, Buffer.from(JSON.stringify(this.current))).catch(() => undefined);
  }
}

function read(file: string): Preferences {
  try {
    return preferencesSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return preferencesSchema.parse({});
  }
}
