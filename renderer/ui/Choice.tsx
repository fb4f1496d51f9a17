/** A segmented choice: one of a few, shown side by side. */
import type { LucideIcon } from 'lucide-react';
import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import { Mark, type Voice } from './parts';
import { Tip } from './Tip';

export interface ChoiceItem<Value extends string> {
  value: Value;
  label: string;
  /** With an icon, the label becomes its name and tooltip. */
  icon?: LucideIcon;
  /** A mark in front of the label: whose matter it is. */
  voice?: Voice;
  keys?: string | undefined;
}

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  items: readonly ChoiceItem<Value>[];
  onChange: (value: Value) => void;
  isWide?: boolean;
}

export function Choice<Value extends string>(props: ChoiceProps<Value>): ReactNode {
  const { label, value, items, onChange, isWide = false } = props;
  const choose = (chosen: string): void => {
    const item = items.find((one) => one.value === chosen);
    if (item !== undefined) onChange(item.value);
  };
  return (
    <ToggleGroup.Root
      type="single"
      className={`choice ${isWide ? 'choice-wide' : ''}`}
      aria-label={label}
      value={value}
      onValueChange={choose}
    >
      {items.map((item) => {
        const Icon = item.icon;
        if (Icon === undefined) {
          return (
            <ToggleGroup.Item key={item.value} value={item.value}>
              {item.voice !== undefined && <Mark voice={item.voice} />}
              {item.label}
            </ToggleGroup.Item>
          );
        }
        return (
          <Tip key={item.value} text={item.label} keys={item.keys}>
            <ToggleGroup.Item value={item.value} aria-label={item.label}>
              <Icon size={16} aria-hidden="true" />
            </ToggleGroup.Item>
          </Tip>
        );
      })}
    </ToggleGroup.Root>
  );
}
