/** Picks another label: from all synonyms of the models in use, or in the person's own words. */
import { Command } from 'cmdk';
import { type ReactNode, useMemo, useState } from 'react';
import { useStudio, useStudioState } from '../../state/use-studio';
import { findLabels } from '../../state/vocabulary';

interface LabelPickerProps {
  onPick: (label: string) => void;
  onClose: () => void;
}

const limit = 60;

export function LabelPicker({ onPick, onClose }: LabelPickerProps): ReactNode {
  const studio = useStudio();
  const [text, setText] = useState('');
  const selected = useStudioState((state) => state.selected);
  const details = useStudioState((state) => state.details);
  const own = useMemo(() => ownLabels(studio.store.getState().photos.values()), [studio]);
  const needle = text.trim();
  const found = useMemo(
    () =>
      findLabels(
        selected.flatMap((id) => details[id] ?? []),
        needle,
        limit,
      ),
    [selected, details, needle],
  );
  const ownFound = own.filter(
    (label) => label.toLowerCase().includes(needle.toLowerCase()) && !found.some((one) => one.label === label),
  );
  const isNew = needle !== '' && !found.some((one) => one.label.toLowerCase() === needle.toLowerCase());
  return (
    <Command shouldFilter={false} loop label="Labels" className="picker">
      <Command.Input
        autoFocus
        className="picker-input"
        value={text}
        onValueChange={(value) => setText(value.slice(0, 200))}
        placeholder="What is it?"
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          event.stopPropagation();
          onClose();
        }}
      />
      <Command.List className="picker-list" label="Labels">
        {ownFound.map((label) => (
          <Command.Item
            key={`own ${label}`}
            className="menu-item"
            value={`own ${label}`}
            onSelect={() => onPick(label)}
          >
            <span className="cut">{label}</span>
            <span className="push caption">yours</span>
          </Command.Item>
        ))}
        {found.map(({ label, via }) => (
          <Command.Item key={label} className="menu-item" value={`= ${label}`} onSelect={() => onPick(label)}>
            <span className="cut">{label}</span>
            {via !== null && <span className="push caption cut">{via}</span>}
          </Command.Item>
        ))}
        {isNew && (
          <Command.Item className="menu-item" value="(new)" onSelect={() => onPick(needle)}>
            Use “{needle}”
          </Command.Item>
        )}
        {needle === '' && found.length === 0 && (
          <Command.Item className="menu-item" value="(hint)" disabled>
            Type a label
          </Command.Item>
        )}
      </Command.List>
    </Command>
  );
}

/** Labels that the person gave before, in words of their own or not. */
function ownLabels(photos: Iterable<{ correction?: string | undefined }>): string[] {
  const labels = new Set<string>();
  for (const { correction } of photos) if (correction !== undefined) labels.add(correction);
  return [...labels].sort();
}
