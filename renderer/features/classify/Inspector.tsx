/** The inspector: everything about the selected picture, or about the selection, or how to read the screen. */
import type { ReactNode } from 'react';
import { useStudio, useStudioState } from '../../state/use-studio';
import { ManyInspector } from './ManyInspector';
import { OneInspector } from './OneInspector';
import { ReadingHelp } from './ReadingHelp';
import { IconButton } from '../../ui/Button';
import { showInspector } from '../../state/view-actions';
import { X } from 'lucide-react';

export function Inspector(): ReactNode {
  const studio = useStudio();
  const isDrawer = useStudioState((state) => state.isNarrow);
  const count = useStudioState((state) => state.selection.ids.size);
  const photo = useStudioState((state) => {
    const [only] = state.selection.ids.size === 1 ? state.selection.ids : [];
    return only === undefined ? undefined : state.photos.get(only);
  });
  // The map is mutated in place: a new version means that the photo may be a new one.
  useStudioState((state) => state.photosVersion);
  return (
    <aside className="inspector" aria-label="Inspector">
      {isDrawer && (
        <div className="drawer-head">
          <IconButton icon={X} label="Close the inspector" keys="Ctrl I" onClick={() => showInspector(studio, false)} />
        </div>
      )}
      {photo !== undefined && <OneInspector key={photo.id} photo={photo} />}
      {photo === undefined && <div className="inspector-body">{count > 1 ? <ManyInspector /> : <ReadingHelp />}</div>}
    </aside>
  );
}
