/** How samples are parted into training, validation and test. */
import type { ReactNode } from 'react';
import type { SplitPlan } from '../../../electron/contract/samples';
import { Choice } from '../../ui/Choice';
import { NumberField } from '../../ui/NumberField';

interface SplitFieldsProps {
  plan: SplitPlan;
  /** Whether the source says itself what is for training and what for the test. */
  canBeGiven: boolean;
  onChange: (plan: SplitPlan) => void;
}

export function SplitFields({ plan, canBeGiven, onChange }: SplitFieldsProps): ReactNode {
  const validation = Math.round(plan.validation * 100);
  const test = Math.round(plan.test * 100);
  const most = 90;
  return (
    <div className="split-fields">
      {canBeGiven && (
        <Choice
          label="How to split"
          isWide
          value={plan.method}
          items={[
            { value: 'given', label: 'As the source says' },
            { value: 'stratified', label: 'Anew' },
          ]}
          onChange={(method) => onChange({ ...plan, method })}
        />
      )}
      <div className="row split-numbers">
        <NumberField
          label="Validation"
          unit="%"
          value={validation}
          min={0}
          max={most - test}
          onChange={(value) => onChange({ ...plan, validation: value / 100 })}
        />
        <NumberField
          label="Test"
          unit="%"
          value={test}
          min={0}
          max={most - validation}
          onChange={(value) => onChange({ ...plan, test: value / 100 })}
        />
        <NumberField
          label="Seed"
          value={plan.seed}
          min={0}
          max={0xffff_ffff}
          onChange={(seed) => onChange({ ...plan, seed })}
        />
      </div>
      <p className="caption num">
        {plan.method === 'given' ? 'Where the source says nothing: ' : ''}
        {100 - validation - test} % of each class for training. The same seed draws the same parts.
      </p>
    </div>
  );
}
