/** What a running comparison needs of the engine. */
import type { DatasetService } from '../datasets/service';
import type { ModelRegistry } from '../models/registry';
import type { ObjectStore } from '../storage/object-store';
import type { ComparisonBook } from './book';
import type { Compute } from './reader';

export interface CompareParts {
  readonly book: ComparisonBook;
  readonly registry: Pick<ModelRegistry, 'generator' | 'runnable' | 'detail'>;
  readonly datasets: Pick<DatasetService, 'use'>;
  readonly objects: ObjectStore;
  readonly compute: Compute;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}
