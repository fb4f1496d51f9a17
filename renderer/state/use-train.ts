/** Selector hook for the Train screen's part of the state. */
import type { TrainState } from './train-state';
import { useStudioState } from './use-studio';

export function useTrain<Value>(pick: (train: TrainState) => Value): Value {
  return useStudioState((state) => pick(state.train));
}
