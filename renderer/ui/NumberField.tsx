/** A field for a whole number or a share, that says what is allowed when what was typed is not. */
import { type ReactNode, useId, useState } from 'react';
import { formatCount } from './format';

interface NumberFieldProps {
  label: string;
  value: number;
  min: number;
  max: number;
  unit?: string;
  onChange: (value: number) => void;
}

export function NumberField({ label, value, min, max, unit, onChange }: NumberFieldProps): ReactNode {
  const id = useId();
  const [text, setText] = useState<string | null>(null);
  const typed = text === null ? value : Number(text);
  const isRight = text === null || (text.trim() !== '' && Number.isInteger(typed) && typed >= min && typed <= max);
  return (
    <span className="number-field">
      <label className="caption" htmlFor={id}>
        {label}
      </label>
      <span className="field field-s" data-wrong={!isRight}>
        <input
          id={id}
          className="num"
          inputMode="numeric"
          value={text ?? String(value)}
          aria-invalid={!isRight}
          onChange={(event) => {
            setText(event.target.value);
            const next = Number(event.target.value);
            const isGood = event.target.value.trim() !== '' && Number.isInteger(next) && next >= min && next <= max;
            if (isGood) onChange(next);
          }}
          onBlur={() => setText(null)}
        />
        {unit !== undefined && <span className="caption">{unit}</span>}
      </span>
      {!isRight && (
        <span className="caption danger" role="alert">
          A whole number from {formatCount(min)} to {formatCount(max)}.
        </span>
      )}
    </span>
  );
}
