/** Which recipe a run follows: those that suit first, and of the others why they do not. */
import { ChevronDown, Star } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import type { Recipe } from '../../../electron/contract/training';
import { setSetup } from '../../state/train-load';
import { durationWords, recipesFor } from '../../state/train-setup';
import { useStudio } from '../../state/use-studio';
import { useTrain } from '../../state/use-train';
import { ErrorNote } from '../../ui/ErrorNote';
import { Menu } from '../../ui/Menu';
import { Mark } from '../../ui/parts';

export function RecipePicker({ recipe }: { recipe: Recipe | undefined }): ReactNode {
  const studio = useStudio();
  const purpose = useTrain((train) => train.setup.purpose);
  const budget = useTrain((train) => train.setup.budget);
  const recipes = useTrain((train) => train.recipes);
  const failure = useTrain((train) => train.recipesFailure);
  if (failure !== null) {
    return (
      <ErrorNote
        title="The recipes could not be read"
        failure={failure}
        onCopy={(text) => void studio.bridge.copyText(text)}
      />
    );
  }
  if (recipes === null || recipe === undefined) {
    return (
      <p className="caption" role="status">
        {recipes === null ? 'Looking for recipes that suit...' : 'There is no recipe for this yet.'}
      </p>
    );
  }
  const trigger = (
    <button type="button" className="train-pick train-pick-s">
      <span className="sr-only">Recipe: </span>
      <span className="strong cut">{recipe.title}</span>
      <span className="caption num cut grow">{recipe.unsuited === '' ? durationWords(recipe, budget) : ''}</span>
      <ChevronDown size={16} aria-hidden="true" />
    </button>
  );
  return (
    <>
      <Menu label="Recipe" trigger={trigger}>
        {recipesFor(recipes.list, purpose).map((one) => (
          <RecipeItem key={one.name} recipe={one} isChosen={one === recipe} />
        ))}
      </Menu>
      {recipe.unsuited === '' ? (
        <p className="caption train-summary">{recipe.summary}</p>
      ) : (
        <p className="row train-unsuited">
          <Mark voice="warn" />
          {recipe.unsuited}
        </p>
      )}
    </>
  );
}

function RecipeItem({ recipe, isChosen }: { recipe: Recipe; isChosen: boolean }): ReactNode {
  const studio = useStudio();
  const { title, summary, unsuited, isSuggested, name } = recipe;
  return (
    <DropdownMenu.Item
      className="menu-item train-recipe"
      disabled={unsuited !== ''}
      aria-current={isChosen ? 'true' : undefined}
      onSelect={() => setSetup(studio, { recipe: name })}
    >
      <span className="row">
        <span className="strong grow">{title}</span>
        {isSuggested && (
          <span className="row row-4 caption">
            <Star size={12} aria-hidden="true" /> begin here
          </span>
        )}
        {unsuited === '' && <span className="caption num">{durationWords(recipe, null)}</span>}
      </span>
      <span className="caption">{unsuited === '' ? summary : unsuited}</span>
    </DropdownMenu.Item>
  );
}
