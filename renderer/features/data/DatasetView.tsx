/** One data set: its classes and its report on top, then its samples; what is opened large takes their place. */
import { type ReactNode, type RefObject, useCallback, useRef } from 'react';
import type { DatasetDetail } from '../../../electron/contract/datasets';
import { isSampleFilterOn, noSampleFilter } from '../../state/data-state';
import { replaceSampleFilter } from '../../state/data-load';
import { useData } from '../../state/use-data';
import { useStudio } from '../../state/use-studio';
import { Button } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import { useSize } from '../../ui/use-size';
import { ClassBars } from './ClassBars';
import { DatasetHead } from './DatasetHead';
import { Figures } from './Figures';
import { FilterBar } from './FilterBar';
import { FindingGroups } from './FindingGroups';
import { ReportPanel } from './ReportPanel';
import { SampleArea } from './SampleArea';
import { SamplePreview, SampleView } from './SampleView';

export function DatasetView({ detail }: { detail: DatasetDetail }): ReactNode {
  const opened = useData((data) => data.opened);
  const scroller = useRef<HTMLDivElement | null>(null);
  const [measure, size] = useSize();
  const hold = useCallback(
    (element: HTMLDivElement | null) => {
      scroller.current = element;
      return measure(element);
    },
    [measure],
  );
  const isView = opened?.how === 'view';
  return (
    <>
      <DatasetHead detail={detail} />
      {isView && <SampleView detail={detail} index={opened.index} />}
      <div ref={hold} className="data-scroll" hidden={isView}>
        <Summary detail={detail} width={size.width} />
        <FilterBar detail={detail} />
        <Samples detail={detail} scroller={scroller} width={size.width} />
      </div>
      {opened?.how === 'preview' && <SamplePreview detail={detail} index={opened.index} />}
    </>
  );
}

function Summary({ detail, width }: { detail: DatasetDetail; width: number }): ReactNode {
  return (
    <div className="data-summary" data-stacked={width < 720 || undefined}>
      <ClassBars detail={detail} />
      <ReportPanel />
      <Figures />
    </div>
  );
}

interface SamplesProps {
  detail: DatasetDetail;
  scroller: RefObject<HTMLDivElement | null>;
  width: number;
}

function Samples({ detail, scroller, width }: SamplesProps): ReactNode {
  const studio = useStudio();
  const order = useData((data) => data.order);
  const filter = useData((data) => data.filter);
  const failure = useData((data) => data.failure);
  const finding = useData((data) => data.report?.findings.find((one) => one.id === data.filter.finding));
  if (order === null) {
    return (
      <div className="data-wait">
        {failure === null ? (
          <p className="soft" role="status">
            Reading the samples...
          </p>
        ) : (
          <ErrorNote
            title="The samples could not be listed"
            failure={failure}
            onCopy={(text) => void studio.bridge.copyText(text)}
            onRetry={() => replaceSampleFilter(studio, noSampleFilter)}
          />
        )}
      </div>
    );
  }
  if (finding !== undefined && finding.groups.length > 0) return <FindingGroups detail={detail} finding={finding} />;
  if (order.indices.length === 0) return <NothingHere isFiltered={isSampleFilterOn(filter)} />;
  return <SampleArea detail={detail} order={order} scroller={scroller} width={width} />;
}

function NothingHere({ isFiltered }: { isFiltered: boolean }): ReactNode {
  const studio = useStudio();
  return (
    <section className="empty data-nothing" aria-label="No samples">
      <h3 className="text-15">{isFiltered ? 'No sample passes these filters' : 'There is nothing in it'}</h3>
      {isFiltered && <Button onClick={() => replaceSampleFilter(studio, noSampleFilter)}>Show all of them</Button>}
    </section>
  );
}
