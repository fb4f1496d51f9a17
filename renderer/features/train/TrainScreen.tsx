/** The Train screen: how the next run is set up, or one run as it goes. */
import './train.css';
import './train-live.css';
import { type ReactNode, useEffect } from 'react';
import { canTeach, chooseSomething } from '../../state/train-load';
import { useData } from '../../state/use-data';
import { useStudio } from '../../state/use-studio';
import { useTrain } from '../../state/use-train';
import { ErrorNote } from '../../ui/ErrorNote';
import { EmptyTrain } from './EmptyTrain';
import { RunMain } from './RunMain';
import { RunSide } from './RunSide';
import { SetupMain } from './SetupMain';
import { SetupSide } from './SetupSide';

export function TrainScreen(): ReactNode {
  const studio = useStudio();
  const datasets = useData((data) => data.datasets);
  const isListed = useData((data) => data.isListed);
  const isShown = useTrain((train) => train.shown !== null);
  useEffect(() => {
    if (isListed) chooseSomething(studio);
  }, [studio, isListed, datasets]);
  if (isShown) return <OneRun />;
  if (!isListed) return <Waiting text="Reading the list of data sets..." />;
  if (!datasets.some(canTeach)) return <EmptyTrain />;
  return (
    <div className="train">
      <SetupSide />
      <SetupMain />
    </div>
  );
}

function OneRun(): ReactNode {
  const studio = useStudio();
  const run = useTrain((train) => train.run);
  const failure = useTrain((train) => train.runFailure);
  if (run !== null) {
    return (
      <div className="train" data-run="">
        <RunSide run={run} />
        <RunMain run={run} />
      </div>
    );
  }
  if (failure === null) return <Waiting text="Reading the run..." />;
  return (
    <div className="train-wait">
      <ErrorNote
        title="The run could not be read"
        failure={failure}
        onCopy={(text) => void studio.bridge.copyText(text)}
      />
    </div>
  );
}

function Waiting({ text }: { text: string }): ReactNode {
  return (
    <div className="empty">
      <p className="soft" role="status">
        {text}
      </p>
    </div>
  );
}
