/** The inspector: everything about the selected picture, or about the selection, or how to read the screen. */
import type { ReactNode } from 'react';
import { useStudioState } from '../../state/use-studio';
import { ManyInspector } from './ManyInspector';
import { OneInspector } from './OneInspector';
import { ReadingHelp } from './ReadingHelp';

export function Inspector(): ReactNode {
  const count = useStudioState((state) => state.selection.ids.size);
  const photo = useStudioState((state) => {
    const [only] = state.selection.ids.size === 1 ? state.selection.ids : [];
    return only === undefined ? undefined : state.photos.get(only);
  });
  // The map is mutated in place: a new version means that the photo may be a new one.
  useStudioState((state) => state.photosVersion);
  return (
    <aside className="inspector" aria-label="Inspector">
      {photo !== undefined && <OneInspector key={photo.id} photo={photo} />}
      {photo === undefined && <div className="inspector-body">{count > 1 ? <ManyInspector /> : <ReadingHelp />}</div>}
    </aside>
  );
}
