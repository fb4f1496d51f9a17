/** The Data screen: the data sets at the left, one of them at the right, and what is known of the selected samples. */
import './data.css';
import './dataset.css';
import './samples.css';
import { type ReactNode, useEffect } from 'react';
import { showSomething } from '../../state/data-load';
import { useData } from '../../state/use-data';
import { useStudio, useStudioState } from '../../state/use-studio';
import { isInspectorShown } from '../../state/view-actions';
import { ErrorNote } from '../../ui/ErrorNote';
import { DataList } from './DataList';
import { DatasetView } from './DatasetView';
import { EmptyData } from './EmptyData';
import { GallerySheet } from './GallerySheet';
import { ImportingView } from './ImportingView';
import { LabellingView } from './LabellingView';
import { ListButton } from './ListButton';
import { SampleInspector } from './SampleInspector';
import { useSampleKeys } from './use-sample-keys';

export function DataScreen(): ReactNode {
  const studio = useStudio();
  const isListed = useData((data) => data.isListed);
  const isEmpty = useData((data) => data.datasets.length === 0);
  const listFailure = useData((data) => data.listFailure);
  useEffect(() => showSomething(studio), [studio, isListed]);
  useSampleKeys();
  if (!isListed) {
    return (
      <div className="data">
        <div className="empty" role={listFailure === null ? 'status' : undefined}>
          {listFailure === null ? (
            <p className="soft">Reading the list of data sets...</p>
          ) : (
            <ErrorNote
              title="The data sets could not be listed"
              failure={listFailure}
              onCopy={(text) => void studio.bridge.copyText(text)}
            />
          )}
        </div>
      </div>
    );
  }
  return (
    <div className="data">
      {isEmpty ? <EmptyData /> : <Opened />}
      <GallerySheet />
    </div>
  );
}

function Opened(): ReactNode {
  const isNarrow = useStudioState((state) => state.isNarrow);
  const isListOpen = useData((data) => data.isListOpen);
  const hasDetail = useData((data) => data.detail !== null);
  const isChosen = useData((data) => data.selection.ids.size > 0 || data.opened !== null);
  const isLabelling = useData((data) => data.labelling !== null);
  const isInspectorOpen = useStudioState(isInspectorShown);
  const hasInspector = hasDetail && isChosen && !isLabelling && isInspectorOpen;
  return (
    <>
      {(!isNarrow || isListOpen) && <DataList />}
      <div className="data-main">
        <Main />
      </div>
      {hasInspector && <SampleInspector />}
    </>
  );
}

function Main(): ReactNode {
  const studio = useStudio();
  const entry = useData((data) => data.datasets.find((one) => one.id === data.shown));
  const detail = useData((data) => data.detail);
  const failure = useData((data) => data.failure);
  const labelling = useData((data) => data.labelling);
  if (entry === undefined) return <Waiting text="Choose a data set." />;
  const copy = (text: string): void => void studio.bridge.copyText(text);
  if (entry.state === 'importing' || entry.state === 'broken') return <ImportingView key={entry.id} entry={entry} />;
  if (detail === null || detail.entry.id !== entry.id) {
    if (failure === null) return <Waiting text={`Reading ${entry.title}...`} />;
    return (
      <div className="data-wait">
        <ErrorNote title={`${entry.title} could not be read`} failure={failure} onCopy={copy} />
      </div>
    );
  }
  if (labelling !== null) return <LabellingView detail={detail} labelling={labelling} />;
  return <DatasetView key={entry.id} detail={detail} />;
}

function Waiting({ text }: { text: string }): ReactNode {
  return (
    <div className="data-wait">
      <ListButton />
      <p className="soft" role="status">
        {text}
      </p>
    </div>
  );
}
