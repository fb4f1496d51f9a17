/** Mirrors the engine's runs into the Train screen's part of the store: all news of a frame in one go. */
import type { TrainingProgress } from '../../electron/contract/training';
import type { StudioClient } from '../engine/engine-link';
import { failureOf } from './messages';
import type { Studio } from './studio';
import { getTrain, loadRecipes, loadRun, setTrain, takeRuns } from './train-load';
import { merged, mergedEntries } from './train-merge';

type Framed = (work: () => void) => () => void;

export function mirrorTraining(studio: Studio, client: StudioClient, framed: Framed): void {
  const waiting: TrainingProgress[] = [];
  const flush = framed(() => takeNews(studio, waiting.splice(0)));
  client.on('training.progress', (news) => {
    waiting.push(news);
    flush();
  });
  client.on('training.runsChanged', ({ runs }) => takeRuns(studio, runs));
  client
    .call('training.runs', {})
    .then(({ runs }) => {
      takeRuns(studio, runs);
      // After a restart of the engine the run may have gone back to its last checkpoint.
      void loadRun(studio);
      if (getTrain(studio).recipes !== null) void loadRecipes(studio);
    })
    .catch((error: unknown) => {
      const failure = failureOf(error);
      if (failure.code === 'engine/crashed' || failure.code === 'engine/closed') return;
      setTrain(studio, { isListed: true, runFailure: failure });
    });
}

function takeNews(studio: Studio, all: readonly TrainingProgress[]): void {
  const train = getTrain(studio);
  let { run, runs } = train;
  for (const news of all) {
    if (run !== null) run = merged(run, news);
    runs = mergedEntries(runs, news);
  }
  if (run !== train.run || runs !== train.runs) setTrain(studio, { run, runs });
}
