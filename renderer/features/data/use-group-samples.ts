/** Names, labels and splits of the samples of a finding, by index. */
import { useEffect, useState } from 'react';
import type { Sample } from '../../../electron/contract/datasets';
import { useData } from '../../state/use-data';
import { useStudio } from '../../state/use-studio';

const none: ReadonlyMap<number, Sample> = new Map();
const pageSize = 2000;
/** Groups show at most so many samples. */
const mostPages = 13;

export function useGroupSamples(id: string, finding: string): ReadonlyMap<number, Sample> {
  const studio = useStudio();
  const version = useData((data) => data.version);
  const [known, setKnown] = useState({ finding, samples: none });
  useEffect(() => {
    const abort = new AbortController();
    const load = async (): Promise<void> => {
      const samples = new Map<number, Sample>();
      for (let page = 0; page < mostPages; page += 1) {
        const request = { id, filter: { finding }, offset: page * pageSize, limit: pageSize };
        const reply = await studio.engine.call('datasets.samples', request, { signal: abort.signal });
        for (const sample of reply.samples) samples.set(sample.index, sample);
        if (abort.signal.aborted) return;
        setKnown({ finding, samples: new Map(samples) });
        if (samples.size >= reply.total || reply.samples.length === 0) return;
      }
    };
    // Without the names the groups still show their pictures.
    load().catch(() => undefined);
    return () => abort.abort();
  }, [studio, id, finding, version]);
  return known.finding === finding ? known.samples : none;
}
