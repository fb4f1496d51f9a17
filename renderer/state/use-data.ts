/** Selector hook for the Data screen's part of the state. */
import type { DataState } from './data-state';
import { useStudioState } from './use-studio';

export function useData<Value>(pick: (data: DataState) => Value): Value {
  return useStudioState((state) => pick(state.data));
}
