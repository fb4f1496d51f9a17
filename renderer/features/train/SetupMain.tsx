/** Beside the set-up: what the model will learn from, what the recipe promises, and the runs there were. */
import { type ReactNode, useEffect, useState } from 'react';
import type { Recipe, TrainingEntry } from '../../../electron/contract/training';
import { toInt32 } from '../../state/data-load';
import { tilesOf } from '../../state/tile-sheets';
import { showRun } from '../../state/train-load';
import { budgetWords, chosenRecipe, durationWords } from '../../state/train-setup';
import { phaseWords } from '../../state/train-words';
import { useData } from '../../state/use-data';
import { useStudio } from '../../state/use-studio';
import { useTrain } from '../../state/use-train';
import { formatCount, formatMany } from '../../ui/format';
import { Mark } from '../../ui/parts';
import { TileCanvas } from '../../ui/TileCanvas';
import { useSize } from '../../ui/use-size';

export function SetupMain(): ReactNode {
  const setup = useTrain((train) => train.setup);
  const recipes = useTrain((train) => train.recipes);
  const runs = useTrain((train) => train.runs);
  const entry = useData((data) => data.datasets.find(({ id }) => id === setup.dataset));
  const recipe = recipes === null ? undefined : chosenRecipe(setup, recipes.list);
  const [ref, { width }] = useSize();
  const verb = setup.purpose === 'generator' ? 'Teach a generator to draw' : 'Teach a judge to tell apart';
  return (
    <div className="train-main">
      <header className="train-verdict">
        <Mark voice={setup.purpose === 'generator' ? 'gen' : 'real'} />
        <div className="stack grow">
          <h2 className="text-15 cut">
            {verb} what {entry?.title ?? 'a data set'} shows
          </h2>
          <p className="caption">
            {setup.purpose === 'generator'
              ? 'It starts with noise. You see the same drawings again and again while it learns.'
              : 'It starts with guessing. You see which classes it takes for which while it learns.'}
          </p>
        </div>
      </header>
      <div className="train-scroll">
        <div ref={ref} className="train-measure" />
        {recipe !== undefined && <Promised recipe={recipe} />}
        {entry !== undefined && <LearnsFrom id={entry.id} kind={entry.kind} width={width} />}
        {runs.length > 0 && <Runs runs={runs} />}
      </div>
    </div>
  );
}

function Promised({ recipe }: { recipe: Recipe }): ReactNode {
  const budget = useTrain((train) => train.setup.budget);
  const facts = [
    ['Length', budgetWords(budget, recipe.steps)],
    ['Time', durationWords(recipe, budget)],
    ['Weights', recipe.parameters === null ? '–' : formatMany(recipe.parameters)],
  ] as const;
  return (
    <section aria-label="The recipe" className="train-section">
      <dl className="train-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="caption">{name}</dt>
            <dd className="text-15 num">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** A few of each class, class by class. */
interface Examples {
  id: string;
  classes: readonly { label: string | null; count: number; indices: readonly number[] }[];
}

const each = 6;
const mostClasses = 20;

function useExamples(id: string): Examples | null {
  const studio = useStudio();
  const [known, setKnown] = useState<Examples | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    const load = async (): Promise<void> => {
      const request = { id, filter: { split: 'train' as const, isExcluded: false } };
      const { indices, sections } = await studio.engine.call('datasets.indices', request, { signal: abort.signal });
      const all = toInt32(indices);
      let from = 0;
      const classes = sections.slice(0, mostClasses).map(({ label, count }) => {
        const part = [...all.subarray(from, from + Math.min(count, each))];
        from += count;
        return { label, count, indices: part };
      });
      if (!abort.signal.aborted) setKnown({ id, classes });
    };
    // Without examples the set-up still says all that is needed.
    load().catch(() => undefined);
    return () => abort.abort();
  }, [studio, id]);
  return known?.id === id ? known : null;
}

const tileGap = 4;
const classGap = 12;

function LearnsFrom({ id, kind, width }: { id: string; kind: string; width: number }): ReactNode {
  const studio = useStudio();
  const examples = useExamples(id);
  if (kind !== 'image' || examples === null || width === 0) return null;
  const count = Math.max(1, examples.classes.length);
  const columns = count === 1 ? each : Math.min(count, Math.max(1, Math.floor((width + classGap) / (44 + classGap))));
  const side = Math.min(56, Math.floor((width - (columns - 1) * classGap) / columns));
  return (
    <section aria-label="What it learns from" className="train-section">
      <div className="row train-section-head">
        <h3>Learns from</h3>
        <span className="caption">real samples of the training part, a column for each class</span>
      </div>
      <ul className="train-examples">
        {examples.classes.map(({ label, count: samples, indices }) => (
          <li key={label ?? ''}>
            <span className="cut train-example-name">{label ?? 'no label'}</span>
            <TileCanvas
              tiles={tilesOf(studio)}
              id={id}
              indices={indices}
              columns={examples.classes.length === 1 ? each : 1}
              tile={{ width: side, height: side }}
              gap={tileGap}
              radius={4}
            />
            <span className="caption num">{formatCount(samples)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Runs({ runs }: { runs: readonly TrainingEntry[] }): ReactNode {
  const studio = useStudio();
  return (
    <section aria-label="Runs" className="train-section">
      <h3 className="train-section-head">Runs so far</h3>
      <ul className="train-runs">
        {runs.map((run) => (
          <li key={run.job}>
            <button type="button" className="train-run" onClick={() => showRun(studio, run.job)}>
              <Mark voice={run.phase === 'failed' ? 'bad' : run.purpose === 'generator' ? 'gen' : 'real'} />
              <span className="strong cut">{run.model}</span>
              <span className="caption cut grow">{run.title}</span>
              <span className="caption num">{formatCount(run.step)} steps</span>
              <span className="caption num train-run-phase">{phaseWords(run)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
