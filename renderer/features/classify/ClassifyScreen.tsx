/** The Classify screen: models on top, the threshold under them, the pictures, and what is known of the selected one. */
import './photo-grid.css';
import './detail-view.css';
import './classify.css';
import type { ReactNode } from 'react';
import { useStudioState } from '../../state/use-studio';
import { isInspectorShown } from '../../state/view-actions';
import { DetailView } from './DetailView';
import { EmptyState } from './EmptyState';
import { FindRow } from './FindRow';
import { HealthNotice } from './HealthNotice';
import { Inspector } from './Inspector';
import { PhotoGrid } from './PhotoGrid';
import { PhotoTable } from './PhotoTable';
import { ScreenBar } from './ScreenBar';
import { ThresholdStrip } from './ThresholdStrip';

export function ClassifyScreen(): ReactNode {
  const detail = useStudioState((state) => state.detail);
  const isInspectorOpen = useStudioState(isInspectorShown);
  return (
    <div className="classify">
      <div className="classify-main">
        {detail === null ? <Overview /> : <DetailView key="detail" detail={detail} />}
      </div>
      {isInspectorOpen && <Inspector />}
    </div>
  );
}

function Overview(): ReactNode {
  const isEmpty = useStudioState((state) => state.photos.size === 0);
  const isReady = useStudioState((state) => state.connection === 'ready');
  const layout = useStudioState((state) => state.layout);
  return (
    <>
      <ScreenBar />
      <HealthNotice />
      {!isEmpty && <ThresholdStrip />}
      {!isEmpty && <FindRow />}
      {isEmpty && <EmptyState isReady={isReady} />}
      {!isEmpty && (layout === 'grid' ? <PhotoGrid /> : <PhotoTable />)}
    </>
  );
}
