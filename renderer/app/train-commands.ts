/** Commands of the Train screen. */
import { keepShown, liveRun, setUpAgain, startTraining, togglePause, whyNotTrain } from '../state/train-actions';
import type { StudioState } from '../state/studio-state';
import { goTo } from '../state/view-actions';
import { command, later } from './command';

function needsSetUp(state: StudioState): string | null {
  if (state.screen !== 'train' || state.train.shown !== null) return 'No run is being set up.';
  return whyNotTrain(state);
}
function needsRun(state: StudioState): string | null {
  return liveRun(state) === null ? 'No run that goes on is shown.' : null;
}

export const trainCommands = {
  'train.show': command('Train', 'Show training', (s) => goTo(s, 'train')),
  'train.start': command('Train', 'Train what is set up', later(startTraining), {
    shortcuts: ['Mod+Enter'],
    whyNot: needsSetUp,
  }),
  'train.new': command('Train', 'Set up a new run', (s) => {
    goTo(s, 'train');
    void setUpAgain(s, false);
  }),
  'train.pause': command('Train', 'Pause the run, or go on', later(togglePause), { whyNot: needsRun }),
  'train.keep': command('Train', 'Stop the run and keep its model', later(keepShown), { whyNot: needsRun }),
};
