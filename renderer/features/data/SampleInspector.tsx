/** What is known of the selected samples, and what can be done with them. */
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useData } from '../../state/use-data';
import { useStudio, useStudioState } from '../../state/use-studio';
import { showInspector } from '../../state/view-actions';
import { IconButton } from '../../ui/Button';
import { ManySamples } from './ManySamples';
import { OneSample } from './OneSample';

export function SampleInspector(): ReactNode {
  const studio = useStudio();
  const isDrawer = useStudioState((state) => state.isNarrow);
  const detail = useData((data) => data.detail);
  const ids = useData((data) => data.selection.ids);
  const opened = useData((data) => data.opened);
  if (detail === null) return null;
  const [only] = ids;
  const index = opened?.index ?? (ids.size === 1 ? only : undefined);
  return (
    <aside className="inspector" aria-label="Inspector">
      {isDrawer && (
        <div className="drawer-head">
          <IconButton icon={X} label="Close the inspector" keys="Ctrl I" onClick={() => showInspector(studio, false)} />
        </div>
      )}
      {index === undefined ? (
        <div className="inspector-body" tabIndex={0} role="group" aria-label="Selected samples">
          <ManySamples detail={detail} ids={ids} />
        </div>
      ) : (
        <OneSample detail={detail} index={index} hasPicture={opened?.how !== 'view'} />
      )}
    </aside>
  );
}
