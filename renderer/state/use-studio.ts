/** React's thin binding to the studio: a context for the actions, a selector hook for the state. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { AppError } from '../../electron/contract/errors';
import type { Studio } from './studio';
import type { StudioState } from './studio-state';

export const StudioContext = createContext<Studio | null>(null);

export function useStudio(): Studio {
  const studio = useContext(StudioContext);
  if (studio === null) throw new AppError('engine/internal', 'A component was drawn outside the studio.');
  return studio;
}

export function useStudioState<Value>(pick: (state: StudioState) => Value): Value {
  return useStore(useStudio().store, pick);
}
