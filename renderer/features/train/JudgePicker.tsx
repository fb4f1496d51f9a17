/** Which classifier reads the drawings while a generator learns. */
import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { judgesOf } from '../../state/judges';
import { setSetup } from '../../state/train-load';
import { useStudio, useStudioState } from '../../state/use-studio';
import { useTrain } from '../../state/use-train';
import { countOf } from '../../ui/format';
import { Menu, MenuChoice } from '../../ui/Menu';
import { Mark } from '../../ui/parts';

/** No model can be called so. */
const byItself = '*';

export function JudgePicker(): ReactNode {
  const studio = useStudio();
  const models = useStudioState((state) => state.models);
  const judge = useTrain((train) => train.setup.judge);
  const judges = judgesOf(models);
  const title = judges.find(({ id }) => id === judge)?.title ?? 'One that knows the classes';
  const trigger = (
    <button type="button" className="train-pick train-pick-s" aria-label={`Judged by: ${title}`}>
      <Mark voice="real" />
      <span className="strong cut grow">{title}</span>
      <ChevronDown size={16} aria-hidden="true" />
    </button>
  );
  return (
    <Menu label="Judged by" trigger={trigger}>
      <MenuChoice
        value={judge ?? byItself}
        items={[
          { value: byItself, label: 'One that knows the classes', note: 'if there is one' },
          ...judges.map(({ id, title: name, classes }) => ({
            value: id,
            label: name,
            note: countOf(classes, 'class', 'classes'),
          })),
        ]}
        onChange={(value) => setSetup(studio, { judge: value === byItself ? null : value })}
      />
    </Menu>
  );
}
