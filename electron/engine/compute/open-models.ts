/** The models that are open in a process, each opened once, judges and generators alike. */
import { AppError } from '../../contract/errors';
import type { Session } from '../../../models/runtime/session';
import { type LoadedGenerator, loadGenerator } from './draw';
import { type LoadedModel, type LoadOptions, loadModel } from './loaded-model';

/** By path; what failed to open is tried again the next time. */
class OpenOnce<M extends { readonly session: Session }> {
  private readonly open = new Map<string, Promise<M>>();

  get(file: string, load: () => Promise<M>): Promise<M> {
    const known = this.open.get(file);
    if (known !== undefined) return known;
    const loading = load();
    this.open.set(file, loading);
    loading.catch(() => this.open.delete(file));
    return loading;
  }

  find(file: string): Promise<M> | undefined {
    return this.open.get(file);
  }

  async close(file: string): Promise<void> {
    const known = this.open.get(file);
    this.open.delete(file);
    if (known !== undefined) await (await known).session.dispose();
  }

  async closeAll(): Promise<void> {
    for (const file of [...this.open.keys()]) await this.close(file);
  }
}

export class OpenModels {
  private readonly judges = new OpenOnce<LoadedModel>();
  private readonly generators = new OpenOnce<LoadedGenerator>();

  constructor(private readonly options: Pick<LoadOptions, 'threads' | 'now'>) {}

  openJudge(file: string, device: string, isUntrusted: boolean): Promise<LoadedModel> {
    return this.judges.get(file, () => loadModel(file, { ...this.options, device, isUntrusted }));
  }

  /** @throws AppError `model/unknown` for one that was not opened. */
  async judge(file: string): Promise<LoadedModel> {
    const model = this.judges.find(file);
    if (model !== undefined) return model;
    throw new AppError('model/unknown', 'The model was not loaded before it was used.');
  }

  generator(file: string): Promise<LoadedGenerator> {
    return this.generators.get(file, () => loadGenerator(file, this.options.threads));
  }

  async close(file: string): Promise<void> {
    await this.judges.close(file);
    await this.generators.close(file);
  }

  async closeAll(): Promise<void> {
    await this.judges.closeAll();
    await this.generators.closeAll();
  }
}
