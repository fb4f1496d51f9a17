/** The small rendition of a picture; while it is missing, the well under it shows instead of a broken sign. */
import type { ReactNode } from 'react';

export function Thumb({ id, alt = '' }: { id: string; alt?: string }): ReactNode {
  return (
    <img
      src={`duet://thumb/${id}`}
      alt={alt}
      draggable={false}
      decoding="async"
      onError={(event) => (event.currentTarget.hidden = true)}
      onLoad={(event) => (event.currentTarget.hidden = false)}
    />
  );
}
