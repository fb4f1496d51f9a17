/** Whether the grid flies by faster than anyone looks: pictures that are gone before they could be seen are not fetched. */
import { createContext, useContext, useState, useSyncExternalStore } from 'react';

/** Some 20 rows a second. */
const fastPxPerMs = 3;
/** A jump (End, a click into the scrollbar) is one step, a flight is many. */
const stepsOfFlight = 3;
const settleMs = 80;

export class Rush {
  private readonly listeners = new Set<() => void>();
  private last = { at: 0, offset: 0 };
  private fastSteps = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isOn = false;

  /** A step of scrolling: where it led, in pixels, and when, in milliseconds. */
  step(offset: number, at: number): void {
    const speed = Math.abs(offset - this.last.offset) / Math.max(1, at - this.last.at);
    this.last = { at, offset };
    this.fastSteps = speed >= fastPxPerMs ? this.fastSteps + 1 : 0;
    clearTimeout(this.timer);
    this.turn(this.fastSteps >= stepsOfFlight);
    if (this.fastSteps > 0) this.timer = setTimeout(() => this.settle(), settleMs);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly isRushing = (): boolean => this.isOn;

  private settle(): void {
    this.fastSteps = 0;
    this.turn(false);
  }

  private turn(isOn: boolean): void {
    if (isOn === this.isOn) return;
    this.isOn = isOn;
    for (const listener of this.listeners) listener();
  }
}

export const RushContext = createContext(new Rush());

/** True as soon as the grid is calm, and for good: a picture that has been shown stays. */
export function useIsSeen(): boolean {
  const rush = useContext(RushContext);
  const isRushing = useSyncExternalStore(rush.subscribe, rush.isRushing);
  const [isSeen, setSeen] = useState(!isRushing);
  if (!isSeen && !isRushing) setSeen(true);
  return isSeen;
}
