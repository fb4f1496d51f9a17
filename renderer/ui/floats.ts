/** Where menus, popovers and tooltips are put: inside the main landmark, so that nothing lies outside of one. */
import { createContext, useContext } from 'react';

export const FloatsContext = createContext<HTMLElement | null>(null);

export function useFloats(): HTMLElement | null {
  return useContext(FloatsContext);
}
