/** Picks a class for samples: one of those that are there, with its key, or a new one in the person's words. */
import { Command } from 'cmdk';
import { type ReactNode, useState } from 'react';
import type { DatasetDetail } from '../../../electron/contract/datasets';
import { formatCount } from '../../ui/format';

interface ClassPickerProps {
  detail: DatasetDetail;
  current: string | null;
  onPick: (label: string | null) => void;
  onClose: () => void;
}

const limit = 60;

export function ClassPicker({ detail, current, onPick, onClose }: ClassPickerProps): ReactNode {
  const [text, setText] = useState('');
  const needle = text.trim();
  const found = detail.classes
    .map((row, at) => ({ row, at }))
    .filter(({ row }) => row.name.toLowerCase().includes(needle.toLowerCase()))
    .slice(0, limit);
  const isNew = needle !== '' && !detail.classes.some((row) => row.name === needle);
  return (
    <Command shouldFilter={false} loop label="Classes" className="picker">
      <Command.Input
        autoFocus
        className="picker-input"
        value={text}
        onValueChange={(value) => setText(value.slice(0, 300))}
        placeholder="What is it?"
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          event.stopPropagation();
          onClose();
        }}
      />
      <Command.List className="picker-list" label="Classes">
        {found.map(({ row, at }) => (
          <Command.Item
            key={row.name}
            className="menu-item"
            value={`= ${row.name}`}
            disabled={row.name === current}
            onSelect={() => onPick(row.name)}
          >
            <span className="cut">{row.name}</span>
            <span className="push caption num">
              {at < 9 ? <kbd>{at + 1}</kbd> : formatCount(row.train + row.validation + row.test)}
            </span>
          </Command.Item>
        ))}
        {isNew && (
          <Command.Item className="menu-item" value="(new)" onSelect={() => onPick(needle)}>
            New class “{needle}”
          </Command.Item>
        )}
        {current !== null && needle === '' && (
          <Command.Item className="menu-item" value="(none)" onSelect={() => onPick(null)}>
            <span className="soft">No label</span>
          </Command.Item>
        )}
        {needle === '' && found.length === 0 && (
          <Command.Item className="menu-item" value="(hint)" disabled>
            Type the name of a class
          </Command.Item>
        )}
      </Command.List>
    </Command>
  );
}
