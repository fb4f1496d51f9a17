/** The large rendition of a picture: asked for when it is opened, and for its neighbour ahead of time. */
import { useEffect, useState } from 'react';
import { type Failure, isCancelled } from '../../../electron/contract/errors';
import { failureOf } from '../../state/messages';
import { useStudio } from '../../state/use-studio';

export interface Preview {
  url: string | null;
  failure: Failure | null;
}

const none: Preview = { url: null, failure: null };

export function usePreview(id: string, nextId: string | undefined): Preview {
  const studio = useStudio();
  const [preview, setPreview] = useState<Preview & { id: string }>({ ...none, id });
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    studio.engine
      .call('photos.preview', { id }, { signal })
      .then(({ url }) => {
        if (!signal.aborted) setPreview({ id, url, failure: null });
        // The next one is made while this one is looked at.
        if (nextId !== undefined)
          studio.engine.call('photos.preview', { id: nextId }, { signal }).catch(() => undefined);
      })
      .catch((error: unknown) => {
        if (!signal.aborted && !isCancelled(error)) setPreview({ id, url: null, failure: failureOf(error) });
      });
    return () => abort.abort();
  }, [studio, id, nextId]);
  return preview.id === id ? preview : none;
}
