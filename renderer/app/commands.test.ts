/** The table of commands: complete, without two meanings for one key, and honest about what cannot be done now. */
import { describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { commandIds, type DuetBridge } from '../../electron/contract/bridge';
import { EngineLink } from '../engine/engine-link';
import type { Studio } from '../state/studio';
import { initialState, type StudioState } from '../state/studio-state';
import { back } from '../state/view-actions';
import { commands, runCommand } from './commands';
import { matchesShortcut, showShortcut } from './shortcuts';

function makeStudio(): Studio {
  const store = createStore<StudioState>(() => initialState);
  const setTheme = vi.fn(() => Promise.resolve());
  return { store, engine: new EngineLink(() => undefined), bridge: { setTheme } as unknown as DuetBridge };
}

const press = (key: string, held: Partial<Record<'ctrlKey' | 'shiftKey' | 'metaKey' | 'altKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  shiftKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

describe('commands', () => {
  it('has exactly the commands of the menu', () => {
    expect(Object.keys(commands).sort()).toEqual([...commandIds].sort());
  });
  it('gives each shortcut to one command and each title once', () => {
    const all = Object.values(commands);
    const shortcuts = all.flatMap((command) => command.shortcuts);
    expect(new Set(shortcuts).size).toBe(shortcuts.length);
    expect(new Set(all.map((command) => command.title)).size).toBe(all.length);
  });
  it('says why something cannot be used, and does not run it', () => {
    const studio = makeStudio();
    expect(commands['photos.clear'].whyNot(initialState)).toMatch(/no pictures/);
    expect(runCommand(studio, 'photos.clear')).toBe(false);
  });
  it('every sentence ends with a full stop', () => {
    for (const { whyNot } of Object.values(commands)) expect(whyNot(initialState) ?? '.').toMatch(/\.$/);
  });
  it('goes round the themes', () => {
    const studio = makeStudio();
    const seen = [1, 2, 3].map(() => {
      runCommand(studio, 'view.theme');
      return studio.store.getState().theme;
    });
    expect(seen).toEqual(['light', 'dark', 'system']);
  });
});

describe('back', () => {
  it('closes the innermost first and then has nothing left', () => {
    const studio = makeStudio();
    studio.store.setState({ overlay: 'about', isJobsOpen: true, filter: { ...initialState.filter, text: 'cat' } });
    expect(back(studio)).toBe(true);
    expect(studio.store.getState()).toMatchObject({ overlay: null, isJobsOpen: true });
    expect(back(studio)).toBe(true);
    expect(studio.store.getState().isJobsOpen).toBe(false);
    expect(back(studio)).toBe(true);
    expect(studio.store.getState().filter.text).toBe('');
    expect(back(studio)).toBe(false);
  });
});

describe('shortcuts', () => {
  it.each([
    ['Mod+K', press('k', { ctrlKey: true }), false, true],
    ['Mod+K', press('k', { metaKey: true }), true, true],
    ['Mod+K', press('k'), false, false],
    ['Mod+Z', press('Z', { ctrlKey: true, shiftKey: true }), false, false],
    ['Mod+Shift+Z', press('Z', { ctrlKey: true, shiftKey: true }), false, true],
    ['?', press('?', { shiftKey: true }), false, true],
    ['B', press('b'), false, true],
    ['B', press('b', { ctrlKey: true }), false, false],
  ])('%s against %j', (shortcut, key, isMac, expected) => {
    expect(matchesShortcut(shortcut, key, isMac)).toBe(expected);
  });
  it('is written as on the machine', () => {
    expect(showShortcut('Mod+Shift+Z', false)).toBe('Ctrl Shift Z');
    expect(showShortcut('Mod+Shift+Z', true)).toBe('⌘⇧Z');
  });
});
