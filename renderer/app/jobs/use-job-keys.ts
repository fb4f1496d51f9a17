/** The keyboard in the list of jobs: arrows choose, Enter opens or goes on, Del cancels or takes off the list. */
import type { KeyboardEvent } from 'react';
import type { JobAction, JobRow } from '../../state/job-rows';
import { act, chooseJob } from '../../state/jobs-actions';
import type { Studio } from '../../state/studio';
import { useStudio } from '../../state/use-studio';

/** The first of these that a row offers. */
const byKey: Readonly<Record<string, readonly JobAction[]>> = {
  Enter: ['open', 'reveal', 'retry', 'resume', 'pause'],
  ' ': ['pause', 'resume', 'retry'],
  Delete: ['forget', 'cancel'],
  Backspace: ['forget', 'cancel'],
  n: ['next'],
  N: ['next'],
};

function placeAfter(key: string, place: number, last: number): number | null {
  if (key === 'ArrowDown') return Math.min(last, place + 1);
  if (key === 'ArrowUp') return Math.max(0, place - 1);
  if (key === 'Home') return 0;
  return key === 'End' ? last : null;
}

function choose(studio: Studio, event: KeyboardEvent<HTMLElement>, row: JobRow): void {
  chooseJob(studio, row.key);
  event.currentTarget.querySelector<HTMLElement>(`[data-key="${row.key}"]`)?.focus();
}

export function useJobKeys(
  rows: readonly JobRow[],
  chosen: JobRow | undefined,
): (event: KeyboardEvent<HTMLElement>) => void {
  const studio = useStudio();
  return (event) => {
    const isOnRow = event.target instanceof HTMLElement && event.target.dataset['key'] !== undefined;
    if (chosen === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const place = rows.indexOf(chosen);
    const next = placeAfter(event.key, place, rows.length - 1);
    const row = next === null ? undefined : rows[next];
    // Enter and Space on a button inside a row are that button's.
    const action = isOnRow ? byKey[event.key]?.find((one) => chosen.actions.includes(one)) : undefined;
    if (row === undefined && action === undefined) return;
    event.preventDefault();
    if (row !== undefined) choose(studio, event, row);
    else if (action !== undefined) {
      const neighbour = rows[place + 1] ?? rows[place - 1];
      act(studio, chosen, action);
      // The row goes; the keyboard stays in the list.
      if (action === 'forget' && neighbour !== undefined) choose(studio, event, neighbour);
    }
  };
}
