/** One setting of a recipe: its value, what it does, what it may be, and the way back to the recipe. */
import { ChevronDown, RotateCcw } from 'lucide-react';
import { Switch } from 'radix-ui';
import { type ReactNode, useId, useState } from 'react';
import type { SettingValue } from '../../../electron/contract/model-card';
import type { Setting } from '../../../electron/contract/training';
import { getTrain, setSetup } from '../../state/train-load';
import { formatSetting, isChanged, limitWords, parseSetting, valueOf } from '../../state/train-setup';
import { useStudio } from '../../state/use-studio';
import { useTrain } from '../../state/use-train';
import { IconButton } from '../../ui/Button';
import { Menu, MenuChoice } from '../../ui/Menu';

export function SettingField({ setting }: { setting: Setting }): ReactNode {
  const studio = useStudio();
  const id = useId();
  const changes = useTrain((train) => train.setup.changes);
  const value = valueOf(setting, changes);
  const set = (next: SettingValue): void => {
    const others = Object.entries(getTrain(studio).setup.changes).filter(([path]) => path !== setting.path);
    const own = next === setting.value ? [] : [[setting.path, next] as const];
    setSetup(studio, { changes: Object.fromEntries([...others, ...own]) });
  };
  const isOwn = isChanged(setting, changes);
  return (
    <div className="train-field">
      <div className="row train-field-head">
        <label className="grow cut" htmlFor={id}>
          {setting.title}
        </label>
        {isOwn && (
          <IconButton
            icon={RotateCcw}
            label={`Back to ${formatSetting(setting.value)}, as the recipe has it`}
            className="train-reset"
            onClick={() => set(setting.value)}
          />
        )}
        <Control id={id} setting={setting} value={value} onChange={set} />
      </div>
      <p id={`${id}-help`} className="caption">
        {setting.help}
      </p>
    </div>
  );
}

interface ControlProps {
  id: string;
  setting: Setting;
  value: SettingValue;
  onChange: (value: SettingValue) => void;
}

function Control({ id, setting, value, onChange }: ControlProps): ReactNode {
  if (setting.kind === 'switch') {
    return (
      <Switch.Root
        id={id}
        className="switch"
        checked={value === true}
        aria-describedby={`${id}-help`}
        onCheckedChange={onChange}
      >
        <Switch.Thumb asChild>
          <span />
        </Switch.Thumb>
      </Switch.Root>
    );
  }
  if (setting.kind === 'choice') {
    const trigger = (
      <button type="button" id={id} className="pick train-field-pick" aria-describedby={`${id}-help`}>
        <span className="cut grow">{String(value)}</span>
        <ChevronDown size={16} aria-hidden="true" />
      </button>
    );
    return (
      <Menu label={setting.title} trigger={trigger} align="end">
        <MenuChoice
          value={String(value)}
          items={setting.choices.map((choice) => ({ value: choice, label: choice }))}
          onChange={onChange}
        />
      </Menu>
    );
  }
  return <NumberBox id={id} setting={setting} value={value} onChange={onChange} />;
}

function NumberBox({ id, setting, value, onChange }: ControlProps): ReactNode {
  const [text, setText] = useState<string | null>(null);
  const isRight = text === null || parseSetting(setting, text) !== undefined;
  return (
    <>
      <span className="field field-s train-number" data-wrong={!isRight}>
        <input
          id={id}
          className="num"
          inputMode="decimal"
          value={text ?? formatSetting(value)}
          aria-invalid={!isRight}
          aria-describedby={`${id}-help`}
          title={limitWords(setting)}
          onChange={(event) => {
            setText(event.target.value);
            const next = parseSetting(setting, event.target.value);
            if (next !== undefined) onChange(next);
          }}
          onBlur={() => setText(null)}
        />
      </span>
      {!isRight && (
        <span className="caption danger train-limits" role="alert">
          {limitWords(setting)}.
        </span>
      )}
    </>
  );
}
