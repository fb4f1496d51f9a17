/** Tiles glide to their new place when a threshold, an order or an answer moves them, so that the eye sees where they went. */
import { useLayoutEffect, useRef } from 'react';
import type { GridRow } from '../../state/grid-rows';
import { pictureElementId } from './use-picture-keys';

export interface SeenRow {
  row: GridRow | undefined;
  top: number;
}

interface Place {
  x: number;
  y: number;
}

/** Beyond this many pictures, and while they stream in, gliding would only be unrest. */
const mostPictures = 300;

function placesOf(rows: readonly SeenRow[], pitch: number): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const { row, top } of rows) {
    if (row?.type !== 'tiles') continue;
    for (const [column, photo] of row.photos.entries()) places.set(photo.id, { x: column * pitch, y: top });
  }
  return places;
}

function glide(id: string, from: Place, to: Place): void {
  const element = document.getElementById(pictureElementId(id));
  const style = getComputedStyle(document.documentElement);
  const duration = Number.parseFloat(style.getPropertyValue('--calm'));
  if (element === null || !(duration > 0)) return;
  const start = `translate(${from.x - to.x}px, ${from.y - to.y}px)`;
  element.animate([{ transform: start }, { transform: 'none' }], {
    duration,
    easing: style.getPropertyValue('--ease').trim() || 'ease',
  });
}

/** `arrangement` changes when pictures may have moved; scrolling and resizing change the rows but not it. */
export function useGlide(rows: readonly SeenRow[], pitch: number, arrangement: unknown, isCalm: boolean): void {
  const before = useRef<{ places: Map<string, Place>; arrangement: unknown; pitch: number } | null>(null);
  useLayoutEffect(() => {
    const places = placesOf(rows, pitch);
    const old = before.current;
    before.current = { places, arrangement, pitch };
    if (old === null || old.arrangement === arrangement || old.pitch !== pitch || !isCalm) return;
    for (const [id, to] of places) {
      const from = old.places.get(id);
      if (from !== undefined && (from.x !== to.x || from.y !== to.y)) glide(id, from, to);
    }
  });
}

export function isCalmEnough(pictures: number, isRunning: boolean): boolean {
  return pictures <= mostPictures && !isRunning;
}
