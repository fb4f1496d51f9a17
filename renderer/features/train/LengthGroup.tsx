/** How long a run goes, and its seed. */
import { Dices } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import type { Budget, Recipe } from '../../../electron/contract/training';
import { setSetup } from '../../state/train-load';
import { budgetWords } from '../../state/train-setup';
import { useStudio } from '../../state/use-studio';
import { useTrain } from '../../state/use-train';
import { IconButton } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { formatCount } from '../../ui/format';
import { FoldGroup } from './FoldGroup';

const units = [
  { value: 'steps', label: 'Steps' },
  { value: 'seconds', label: 'Minutes' },
  { value: 'epochs', label: 'Epochs' },
] as const;
type Unit = Budget['unit'];

const help: Readonly<Record<Unit, string>> = {
  steps: 'One step is one update of the weights, after one batch.',
  seconds: 'Time at work, rests not counted. The rate still falls to zero at the end.',
  epochs: 'One epoch is one pass over the training part of the data set.',
};

/** What each unit begins with, and its limits; minutes are counted in seconds. */
const first: Readonly<Record<Unit, (recipe: Recipe) => number>> = {
  steps: (recipe) => recipe.steps,
  seconds: (recipe) => Math.max(60, Math.round((recipe.seconds ?? 300) / 60) * 60),
  epochs: () => 10,
};
const limits: Readonly<Record<Unit, readonly [number, number]>> = {
  steps: [1, 100_000_000],
  seconds: [1, 30 * 86_400],
  epochs: [0.01, 100_000],
};

export function LengthGroup({ recipe }: { recipe: Recipe }): ReactNode {
  const studio = useStudio();
  const budget = useTrain((train) => train.setup.budget);
  const seed = useTrain((train) => train.setup.seed);
  const unit = budget?.unit ?? 'steps';
  const times = unit === 'seconds' ? 60 : 1;
  const amount = (budget?.amount ?? recipe.steps) / times;
  const set = (value: number): void => {
    const next: Budget = { unit, amount: value * times };
    const isRecipes = unit === 'steps' && next.amount === recipe.steps;
    setSetup(studio, { budget: isRecipes ? null : next });
  };
  const choose = (chosen: Unit): void =>
    setSetup(studio, { budget: chosen === 'steps' ? null : { unit: chosen, amount: first[chosen](recipe) } });
  return (
    <FoldGroup
      title="Length"
      summary={`${budgetWords(budget, recipe.steps)}, seed ${formatCount(seed)}`}
      isTouched={budget !== null}
    >
      <div className="train-field">
        <Choice label="Length in" value={unit} items={units} isWide onChange={choose} />
        <AmountField
          key={unit}
          label={unit === 'seconds' ? 'Minutes' : unit === 'steps' ? 'Steps' : 'Epochs'}
          value={amount}
          limits={limits[unit].map((limit) => limit / times)}
          isWhole={unit === 'steps'}
          onChange={set}
        />
        <p className="caption">{help[unit]}</p>
      </div>
      <div className="train-field">
        <AmountField
          label="Seed"
          value={seed}
          limits={[0, 0xffff_ffff]}
          isWhole
          onChange={(value) => setSetup(studio, { seed: value })}
        >
          <IconButton
            icon={Dices}
            label="Another seed"
            onClick={() => setSetup(studio, { seed: crypto.getRandomValues(new Uint32Array(1))[0] ?? 0 })}
          />
        </AmountField>
        <p className="caption">The same seed, data and settings give the same run.</p>
      </div>
    </FoldGroup>
  );
}

interface AmountFieldProps {
  label: string;
  value: number;
  limits: readonly number[];
  isWhole: boolean;
  onChange: (value: number) => void;
  children?: ReactNode;
}

function AmountField({ label, value, limits: [least = 0, most = 0], isWhole, onChange, children }: AmountFieldProps) {
  const id = useId();
  const [text, setText] = useState<string | null>(null);
  const parse = (typed: string): number | undefined => {
    const next = Number(typed.replaceAll(',', '').trim());
    const isGood = typed.trim() !== '' && next >= least && next <= most && (!isWhole || Number.isInteger(next));
    return isGood ? next : undefined;
  };
  const isRight = text === null || parse(text) !== undefined;
  return (
    <div className="row train-field-head">
      <label className="grow" htmlFor={id}>
        {label}
      </label>
      {children}
      <span className="field field-s train-number" data-wrong={!isRight}>
        <input
          id={id}
          className="num"
          inputMode="decimal"
          value={text ?? String(value)}
          aria-invalid={!isRight}
          onChange={(event) => {
            setText(event.target.value);
            const next = parse(event.target.value);
            if (next !== undefined) onChange(next);
          }}
          onBlur={() => setText(null)}
        />
      </span>
      {!isRight && (
        <span className="caption danger train-limits" role="alert">
          From {formatCount(least)} to {formatCount(most)}.
        </span>
      )}
    </div>
  );
}
