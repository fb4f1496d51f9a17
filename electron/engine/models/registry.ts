/** The models that can be chosen: those shipped with Duet and those imported into the workspace. */
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../contract/errors';
import { type GeneratorCard, isJudgeCard, type ModelCard } from '../../contract/model-card';
import type { ModelDetail, ModelEntry } from '../../contract/models';
import { Listeners } from '../../contract/transport';
import { isMissing } from '../storage/durable-write';
import type { RunnableModel } from '../studio/pipeline';

export interface RegistryOptions {
  builtIn: string;
  imported: string;
  /** Throws when nothing may be changed in the folder of imported models. */
  assertWritable(): void;
  /** Card, summary and hash of a model file of ours. */
  describe(file: string): Promise<Omit<ModelDetail, 'entry'> & { bytes: number }>;
}

/** A generator, ready to be opened. */
export interface DrawingModel {
  readonly id: string;
  readonly path: string;
  readonly card: GeneratorCard;
  /** sha256 of the file, hex. */
  readonly fileHash: string;
}

interface Known {
  path: string;
  detail: ModelDetail;
}

const defaultModel = 'everyday-1000';
/** Those for photos come first, since photos are what is classified most. */
const photoModels = ['photo-objects.onnx', `${defaultModel}.onnx`];

function byRank(a: string, b: string): number {
  return photoModels.indexOf(b) - photoModels.indexOf(a) || (a < b ? -1 : 1);
}

export class ModelRegistry {
  readonly changed = new Listeners<undefined>();
  private readonly known = new Map<string, Known>();
  private chosen: string[] = [];

  constructor(private readonly options: RegistryOptions) {}

  /** Reads both folders; a file that cannot be read is left out and reported to `onProblem`. */
  async load(onProblem: (file: string, error: unknown) => void): Promise<void> {
    for (const folder of [this.options.builtIn, this.options.imported]) {
      const names = (await namesIn(folder)).filter((name) => name.endsWith('.onnx')).sort(byRank);
      for (const name of names) {
        const file = path.join(folder, name);
        await this.register(file, folder === this.options.builtIn).catch((error: unknown) => onProblem(file, error));
      }
    }
    if (this.chosen.length === 0)
      this.chosen = this.known.has(defaultModel) ? [defaultModel] : [...this.known.keys()].slice(0, 1);
  }

  list(): ModelEntry[] {
    return [...this.known.values()].map((known) => known.detail.entry);
  }

  selectedIds(): string[] {
    return [...this.chosen];
  }

  selected(): RunnableModel[] {
    return this.chosen.flatMap((id) => {
      const known = this.known.get(id);
      if (known === undefined || !isJudgeCard(known.detail.card)) return [];
      return [{ id, path: known.path, card: known.detail.card }];
    });
  }

  /** Any model that judges, chosen or not; throws `model/not-a-classifier` for one that draws. */
  runnable(id: string): RunnableModel {
    const { path: file, detail } = this.find(id);
    if (isJudgeCard(detail.card)) return { id, path: file, card: detail.card };
    throw new AppError('model/not-a-classifier', `${id} draws pictures, it does not judge them. Choose a judge.`, {
      id,
    });
  }

  /** Any model that draws; throws `model/not-a-generator` for one that judges. */
  generator(id: string): DrawingModel {
    const { path: file, detail } = this.find(id);
    const { card, fileHash } = detail;
    if (!isJudgeCard(card)) return { id, path: file, card, fileHash };
    throw new AppError('model/not-a-generator', `${id} judges pictures, it does not draw them. Choose a generator.`, {
      id,
    });
  }

  select(ids: readonly string[]): void {
    for (const id of ids) this.runnable(id);
    this.chosen = [...new Set(ids)];
    this.changed.tell(undefined);
  }

  /** Path of the model's file. */
  file(id: string): string {
    return this.find(id).path;
  }

  detail(id: string): ModelDetail {
    return this.find(id).detail;
  }

  card(id: string): ModelCard {
    return this.find(id).detail.card;
  }

  /** Where an imported model of this name will lie; its folder is there from then on. */
  async placeFor(name: string): Promise<string> {
    this.options.assertWritable();
    await mkdir(this.options.imported, { recursive: true });
    return this.fileFor(name);
  }

  private fileFor(name: string): string {
    return path.join(this.options.imported, `${name}.onnx`);
  }

  async isTaken(name: string): Promise<boolean> {
    if (this.known.has(name)) return true;
    return stat(this.fileFor(name)).then(
      () => true,
      () => false,
    );
  }

  /** Reads the card of a model file and lists it. */
  async register(file: string, isBuiltIn: boolean): Promise<ModelEntry> {
    const { card, summary, fileHash, bytes } = await this.options.describe(file);
    const id = card.name;
    const entry: ModelEntry = {
      id,
      title: card.title,
      task: card.task,
      classes: card.labels.length,
      bytes,
      isBuiltIn,
      madeAt: isBuiltIn ? 0 : (await stat(file)).mtimeMs,
    };
    this.known.set(id, { path: file, detail: { entry, card, summary, fileHash } });
    this.changed.tell(undefined);
    return entry;
  }

  /** Takes an imported model out of the list and its file aside; returns how to bring it back. */
  async remove(id: string): Promise<() => Promise<void>> {
    const known = this.find(id);
    if (known.detail.entry.isBuiltIn)
      throw new AppError('usage/bad-argument', `${id} came with Duet and stays.`, { id });
    this.options.assertWritable();
    const aside = path.join(this.options.imported, 'removed', path.basename(known.path));
    await mkdir(path.dirname(aside), { recursive: true });
    await rename(known.path, aside);
    const chosenBefore = this.chosen;
    this.known.delete(id);
    this.chosen = this.chosen.filter((one) => one !== id);
    if (this.chosen.length === 0) this.chosen = [defaultModel];
    this.changed.tell(undefined);
    return async () => {
      await rename(aside, known.path);
      this.known.set(id, known);
      this.chosen = chosenBefore;
      this.changed.tell(undefined);
    };
  }

  private find(id: string): Known {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    throw new AppError('model/unknown', `There is no model called ${id}.`, { id, known: [...this.known.keys()] });
  }
}

/** No model was ever imported: then there is no folder of them. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
