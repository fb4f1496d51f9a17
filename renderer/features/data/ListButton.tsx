/** Opens the list of data sets where there is no room for it beside the screen. */
import { PanelLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { setData } from '../../state/data-load';
import { useStudio, useStudioState } from '../../state/use-studio';
import { IconButton } from '../../ui/Button';

export function ListButton(): ReactNode {
  const studio = useStudio();
  const isNarrow = useStudioState((state) => state.isNarrow);
  if (!isNarrow) return null;
  return (
    <IconButton
      icon={PanelLeft}
      label="Data sets"
      keys="Ctrl B"
      onClick={() => setData(studio, { isListOpen: !studio.store.getState().data.isListOpen })}
    />
  );
}
