/** Binds components to the book of samples and to the engine's answer about one of them. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Sample } from '../../../electron/contract/datasets';
import { type Failure, isCancelled } from '../../../electron/contract/errors';
import type { PageContract } from '../../../electron/contract/page';
import type { ReplyOf } from '../../../electron/contract/rpc';
import { failureOf } from '../../state/messages';
import { bookOf } from '../../state/sample-book';
import { useData } from '../../state/use-data';
import { useStudio } from '../../state/use-studio';

/** The sample at a place, once it is here; never another one that stood there before. */
export function useSampleAt(place: number, index: number): Sample | undefined {
  const book = bookOf(useStudio());
  const sample = useSyncExternalStore(book.subscribe, () => book.at(place));
  return sample?.index === index ? sample : undefined;
}

export type SampleFacts = ReplyOf<PageContract, 'datasets.sample'>;

/** Everything about one sample, asked again when the data set changes; the old answer stays until the new one is here. */
export function useSampleFacts(id: string, index: number): { facts: SampleFacts | null; failure: Failure | null } {
  const studio = useStudio();
  const version = useData((data) => data.version);
  const [known, setKnown] = useState<{ index: number; facts: SampleFacts | null; failure: Failure | null } | null>(
    null,
  );
  useEffect(() => {
    const abort = new AbortController();
    studio.engine
      .call('datasets.sample', { id, index }, { signal: abort.signal })
      .then((facts) => {
        if (!abort.signal.aborted) setKnown({ index, facts, failure: null });
      })
      .catch((error: unknown) => {
        if (!abort.signal.aborted && !isCancelled(error)) setKnown({ index, facts: null, failure: failureOf(error) });
      });
    return () => abort.abort();
  }, [studio, id, index, version]);
  return known?.index === index ? known : { facts: null, failure: null };
}
