/** Two sheets that only tell: the shortcuts, and what this program is. */
import { X } from 'lucide-react';
import { Popover } from 'radix-ui';
import type { ReactNode } from 'react';
import { commandIds } from '../../electron/contract/bridge';
import { useStudio, useStudioState } from '../state/use-studio';
import { IconButton } from '../ui/Button';
import { useFloats } from '../ui/floats';
import type { CommandGroup } from './command';
import { commands } from './commands';
import { Logo } from './Rail';
import { showShortcut } from './shortcuts';

/** The sheet takes the focus itself: on its button, a tooltip would open and swallow the first Esc. */
function focusSelf(event: Event): void {
  event.preventDefault();
  if (event.target instanceof HTMLElement) event.target.focus();
}

function Sheet({ label, children }: { label: string; children: ReactNode }): ReactNode {
  const studio = useStudio();
  const floats = useFloats();
  const close = (): void => studio.store.setState({ overlay: null });
  return (
    <Popover.Root open modal={false} onOpenChange={close}>
      <Popover.Anchor className="sheet-anchor" />
      <Popover.Portal container={floats}>
        <Popover.Content
          className="pop sheet"
          aria-label={label}
          sideOffset={8}
          collisionPadding={16}
          onOpenAutoFocus={focusSelf}
        >
          <div className="row sheet-head">
            <h2 className="text-15 grow">{label}</h2>
            <IconButton icon={X} label="Close" keys="Esc" onClick={close} />
          </div>
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** Keys that belong to a place rather than to a command. */
const placeKeys: readonly { title: string; keys: string }[] = [
  { title: 'Move between pictures', keys: '← ↑ → ↓' },
  { title: 'First, last picture', keys: 'Home, End' },
  { title: 'Extend the selection', keys: 'Shift ← →' },
  { title: 'Label is right / is another', keys: 'Y / N' },
  { title: 'Zoom in, out, to fit', keys: '+ − 0' },
  { title: 'Back out one level', keys: 'Esc' },
  { title: 'Add what was copied', keys: 'Mod V' },
];

const jobKeys: readonly { title: string; keys: string }[] = [
  { title: 'Choose a job', keys: '↑ ↓' },
  { title: 'Show what came of it, or try again', keys: 'Enter' },
  { title: 'Pause, go on', keys: 'Space' },
  { title: 'Run next', keys: 'N' },
  { title: 'Cancel, or take off the list', keys: 'Del' },
];

/** Keys of the Data screen, where numbers are classes. */
const dataKeys: readonly { title: string; keys: string }[] = [
  { title: 'Preview a sample', keys: 'Space' },
  { title: 'Open a sample large', keys: 'Enter' },
  { title: 'Put into a class', keys: '1 to 9' },
  { title: 'Pick a class, or name a new one', keys: 'L' },
  { title: 'Exclude, or take back in', keys: 'Del' },
  { title: 'Take the suggestion, while labelling', keys: 'Enter' },
  { title: 'Go back one, while labelling', keys: 'Backspace' },
];

export function ShortcutsSheet(): ReactNode {
  const isMac = useStudio().bridge.platform === 'darwin';
  const groups = new Map<CommandGroup, { title: string; keys: string }[]>();
  for (const id of commandIds) {
    const { group, title, shortcuts } = commands[id];
    if (shortcuts.length === 0) continue;
    const keys = shortcuts.map((shortcut) => showShortcut(shortcut, isMac)).join(', ');
    groups.set(group, [...(groups.get(group) ?? []), { title: title.replace('...', ''), keys }]);
  }
  const sections = [
    ...groups,
    ['In the grid and the large view', placeKeys] as const,
    ['On the Data screen', dataKeys] as const,
    ['In the jobs panel', jobKeys] as const,
  ];
  return (
    <Sheet label="Keyboard shortcuts">
      <div className="shortcuts">
        {sections.map(([group, entries]) => (
          <section key={group}>
            <h3 className="caption">{group}</h3>
            <dl>
              {entries.map(({ title, keys }) => (
                <div key={title} className="row shortcut">
                  <dt className="grow">{title}</dt>
                  <dd>
                    <kbd>{keys.replace('Mod', isMac ? '⌘' : 'Ctrl')}</kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Sheet>
  );
}

export function AboutSheet(): ReactNode {
  const info = useStudioState((state) => state.info);
  return (
    <Sheet label="About Duet">
      <div className="row about-name">
        <Logo />
        <span className="text-18">Duet {info?.version}</span>
      </div>
      <p className="soft">Judges pictures on your own machine, with models that you can look into.</p>
      <dl className="kv">
        <dt>Runtime</dt>
        <dd>{info?.runtime}</dd>
        <dt>ONNX Runtime</dt>
        <dd>{info?.onnxruntime}</dd>
        <dt>Workspace</dt>
        <dd>{info?.workspace}</dd>
      </dl>
      {info?.isTestRuntime === true && (
        <p className="caption">This window runs on the test runtime, which is meant for tests only.</p>
      )}
    </Sheet>
  );
}
