/** The command palette: finds every command, model and label, by words in any order. */
import { Command as Menu } from 'cmdk';
import { CornerDownLeft, Search } from 'lucide-react';
import { Popover } from 'radix-ui';
import { type ReactNode, useMemo, useState } from 'react';
import { commandIds } from '../../electron/contract/bridge';
import { selectModels } from '../state/import-actions';
import { judgesOf } from '../state/judges';
import { countLabels } from '../state/photo-list';
import type { Studio } from '../state/studio';
import { useStudio } from '../state/use-studio';
import { goTo, setFilter } from '../state/view-actions';
import { useFloats } from '../ui/floats';
import { countOf } from '../ui/format';
import { commands, runCommand } from './commands';
import { showShortcut } from './shortcuts';

interface Entry {
  id: string;
  title: string;
  note: string;
  why: string | null;
  run: () => void;
}

function commandEntries(studio: Studio): Entry[] {
  const isMac = studio.bridge.platform === 'darwin';
  const state = studio.store.getState();
  return commandIds
    .filter((id) => id !== 'view.palette')
    .map((id) => {
      const { title, shortcuts, whyNot } = commands[id];
      const [first] = shortcuts;
      const note = first === undefined ? '' : showShortcut(first, isMac);
      return { id, title, note, why: whyNot(state), run: () => void runCommand(studio, id) };
    });
}

function modelEntries(studio: Studio): Entry[] {
  return judgesOf(studio.store.getState().models).map((model) => ({
    id: `model ${model.id}`,
    title: `Judge with ${model.title}`,
    note: countOf(model.classes, 'class', 'classes'),
    why: null,
    run: () => {
      goTo(studio, 'classify');
      void selectModels(studio, [model.id]);
    },
  }));
}

function labelEntries(studio: Studio): Entry[] {
  const { photos, selected } = studio.store.getState();
  return countLabels(photos.values(), selected[0] ?? '').map(({ label, count }) => ({
    id: `label ${label}`,
    title: `Show “${label}”`,
    note: countOf(count, 'picture'),
    why: null,
    run: () => {
      goTo(studio, 'classify');
      studio.store.setState({ detail: null });
      setFilter(studio, { label });
    },
  }));
}

function matching(entries: readonly Entry[], text: string, limit: number): Entry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter(({ title }) => words.every((word) => title.toLowerCase().includes(word))).slice(0, limit);
}

export function Palette(): ReactNode {
  const studio = useStudio();
  const [text, setText] = useState('');
  const floats = useFloats();
  const close = (): void => studio.store.setState({ overlay: null });
  const all = useMemo(() => {
    return { commands: commandEntries(studio), models: modelEntries(studio), labels: labelEntries(studio) };
  }, [studio]);
  const groups = [
    { title: 'Commands', entries: matching(all.commands, text, 40) },
    { title: 'Models', entries: matching(all.models, text, 20) },
    { title: 'Labels', entries: text === '' ? [] : matching(all.labels, text, 20) },
  ].filter((group) => group.entries.length > 0);
  return (
    <Popover.Root open modal={false} onOpenChange={close}>
      <Popover.Anchor className="sheet-anchor" />
      <Popover.Portal container={floats}>
        <Popover.Content className="pop palette" aria-label="Command palette" sideOffset={-4}>
          <Menu shouldFilter={false} loop label="Command palette">
            <div className="palette-field">
              <Search size={16} aria-hidden="true" />
              <Menu.Input value={text} onValueChange={setText} placeholder="Search or run a command..." />
              <kbd>Esc</kbd>
            </div>
            {groups.length === 0 ? (
              <p className="palette-none soft">Nothing is called “{text}”.</p>
            ) : (
              <Menu.List className="palette-list" label="Results">
                {groups.map((group) => (
                  <Menu.Group key={group.title} heading={group.title}>
                    {group.entries.map((entry) => (
                      <PaletteItem key={entry.id} entry={entry} onDone={close} />
                    ))}
                  </Menu.Group>
                ))}
              </Menu.List>
            )}
          </Menu>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function PaletteItem({ entry, onDone }: { entry: Entry; onDone: () => void }): ReactNode {
  const act = (): void => {
    onDone();
    entry.run();
  };
  return (
    <Menu.Item className="menu-item" value={entry.id} disabled={entry.why !== null} onSelect={act}>
      <span className="cut">{entry.title}</span>
      <span className="push caption num">{entry.why ?? entry.note}</span>
      <CornerDownLeft className="palette-enter" size={14} aria-hidden="true" />
    </Menu.Item>
  );
}
