/** How the next run is set up: data set, what for, recipe; everything else folded; one button. */
import { type ReactNode, useId } from 'react';
import { Play } from 'lucide-react';
import type { Recipe } from '../../../electron/contract/training';
import { startTraining, whyNotTrain } from '../../state/train-actions';
import { setSetup } from '../../state/train-load';
import { chosenRecipe, groups, groupSummary, nameFault } from '../../state/train-setup';
import { useStudio, useStudioState } from '../../state/use-studio';
import { useTrain } from '../../state/use-train';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { ErrorNote } from '../../ui/ErrorNote';
import { DatasetPicker } from './DatasetPicker';
import { FoldGroup } from './FoldGroup';
import { JudgePicker } from './JudgePicker';
import { LengthGroup } from './LengthGroup';
import { RecipePicker } from './RecipePicker';
import { RunMenu } from './RunMenu';
import { SettingField } from './SettingField';

const purposes = [
  { value: 'generator', label: 'Draw', voice: 'gen' },
  { value: 'judge', label: 'Judge', voice: 'real' },
] as const;

export function SetupSide(): ReactNode {
  const studio = useStudio();
  const setup = useTrain((train) => train.setup);
  const recipes = useTrain((train) => train.recipes);
  const recipe = recipes === null ? undefined : chosenRecipe(setup, recipes.list);
  return (
    <section className="train-side" aria-label="Set up a run">
      <div className="train-side-body">
        <div className="train-block">
          <RunMenu title="New run" />
          <NameField />
        </div>
        <div className="train-block">
          <h2 className="train-label">Data set</h2>
          <DatasetPicker />
        </div>
        <div className="train-block">
          <h2 className="train-label">What for</h2>
          <Choice
            label="What for"
            value={setup.purpose}
            items={purposes}
            isWide
            onChange={(purpose) => setSetup(studio, { purpose, recipe: null })}
          />
        </div>
        <div className="train-block">
          <h2 className="train-label">Recipe</h2>
          <RecipePicker recipe={recipe} />
        </div>
        {setup.purpose === 'generator' && (
          <div className="train-block">
            <h2 className="train-label">Judged by</h2>
            <JudgePicker />
          </div>
        )}
        {recipe !== undefined && <Groups recipe={recipe} />}
      </div>
      <Foot />
    </section>
  );
}

function NameField(): ReactNode {
  const studio = useStudio();
  const id = useId();
  const name = useTrain((train) => train.setup.name);
  const fault = nameFault(name);
  return (
    <div className="stack">
      <label className="field field-s train-name" htmlFor={id} data-wrong={fault !== ''}>
        <input
          id={id}
          aria-label="Name of the model"
          placeholder="Name: made by Duet"
          maxLength={64}
          value={name}
          aria-invalid={fault !== ''}
          onChange={(event) => setSetup(studio, { name: event.target.value.trim() })}
        />
      </label>
      {fault !== '' && (
        <span className="caption danger" role="alert">
          {fault}
        </span>
      )}
    </div>
  );
}

const groupTitles = { network: 'Network', learning: 'Learning', objective: 'Objective', data: 'Data' } as const;

function Groups({ recipe }: { recipe: Recipe }): ReactNode {
  const changes = useTrain((train) => train.setup.changes);
  return (
    <div className="train-groups">
      {groups.map((group) => {
        const settings = recipe.settings.filter((setting) => setting.group === group);
        if (settings.length === 0) return null;
        const summary = groupSummary(settings, changes, recipe.parameters);
        const isTouched = settings.some(({ path }) => path in changes);
        return (
          <FoldGroup key={group} title={groupTitles[group]} summary={summary} isTouched={isTouched}>
            {settings.map((setting) => (
              <SettingField key={`${recipe.name} ${setting.path}`} setting={setting} />
            ))}
          </FoldGroup>
        );
      })}
      <LengthGroup recipe={recipe} />
    </div>
  );
}

function Foot(): ReactNode {
  const studio = useStudio();
  const why = useStudioState(whyNotTrain);
  const failure = useTrain((train) => train.startFailure);
  const isStarting = useTrain((train) => train.isStarting);
  const purpose = useTrain((train) => train.setup.purpose);
  return (
    <div className="train-foot">
      {failure !== null && (
        <ErrorNote
          title="The run did not start"
          failure={failure}
          onCopy={(text) => void studio.bridge.copyText(text)}
        />
      )}
      <Button
        tone={purpose === 'generator' ? 'gen' : 'real'}
        icon={Play}
        className="train-main-button"
        why={why}
        onClick={() => void startTraining(studio)}
      >
        {isStarting ? 'Starting...' : 'Train'}
        <kbd>{studio.bridge.platform === 'darwin' ? '⌘ Enter' : 'Ctrl Enter'}</kbd>
      </Button>
    </div>
  );
}
