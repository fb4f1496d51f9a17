/** What a run was set up with, fixed while it goes; at its foot how far it is and how to steer it. */
import { Copy, Pause, Play, Square, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Setting, TrainingRun } from '../../../electron/contract/training';
import { nounOf } from '../../state/data-state';
import { cancelRun, isPaused, keepRun, pauseRun, resumeRun, setUpAgain } from '../../state/train-actions';
import { budgetWords, formatSetting, groups, groupSummary } from '../../state/train-setup';
import { isLive } from '../../state/train-state';
import { phaseWords, stepWords, tookWords } from '../../state/train-words';
import { useData } from '../../state/use-data';
import { useStudio, useStudioState } from '../../state/use-studio';
import { useTrain } from '../../state/use-train';
import { Button, IconButton } from '../../ui/Button';
import { formatCount, formatMany, formatPercent, formatRemaining } from '../../ui/format';
import { Progress, Tag } from '../../ui/parts';
import { PreviewSquare } from '../../ui/PreviewSquare';
import { FoldGroup } from './FoldGroup';
import { RunMenu } from './RunMenu';

const groupTitles = { network: 'Network', learning: 'Learning', objective: 'Objective', data: 'Data' } as const;

export function RunSide({ run }: { run: TrainingRun }): ReactNode {
  const studio = useStudio();
  const entry = useData((data) => data.datasets.find(({ id }) => id === run.dataset.id));
  const recipe = useTrain((train) => train.recipes?.list.find(({ name }) => name === run.recipe));
  return (
    <section className="train-side" aria-label="The run">
      <div className="train-side-body">
        <div className="train-block">
          <RunMenu title={run.model} />
          <span className="row">
            <Tag voice={run.purpose === 'generator' ? 'gen' : 'real'}>
              {run.purpose === 'generator' ? 'draws' : 'judges'}
            </Tag>
            <span className="caption cut">{recipe?.title ?? run.recipe}</span>
          </span>
        </div>
        <div className="train-block">
          <h2 className="train-label">Data set</h2>
          <div className="train-pick train-pick-still">
            {entry !== undefined && <PreviewSquare entry={entry} side={35} />}
            <span className="stack grow">
              <span className="strong cut">{run.dataset.title}</span>
              <span className="caption num cut">
                {formatCount(run.dataset.samples)} · {formatCount(run.classes.length)} classes
              </span>
            </span>
          </div>
        </div>
        <div className="train-groups">
          {recipe !== undefined && <Settings settings={recipe.settings} run={run} />}
          <FoldGroup
            title="Length"
            summary={`${budgetWords(run.budget, run.steps ?? 0)}, seed ${formatCount(run.seed)}`}
          >
            <Fact name="Budget" value={budgetWords(run.budget, run.steps ?? 0)} />
            <Fact name="Seed" value={String(run.seed)} />
            <Fact name="Weights" value={formatMany(run.parameters)} />
            {run.purpose === 'generator' && <Fact name="Judged by" value={run.judge ?? 'nobody'} />}
          </FoldGroup>
        </div>
        <p className="caption train-note">
          {isLive(run) ? 'Settings are fixed while the run goes. ' : ''}
          <button type="button" className="link caption" onClick={() => void setUpAgain(studio, true)}>
            Start a copy
          </button>{' '}
          to change them.
        </p>
      </div>
      <RunFoot run={run} />
    </section>
  );
}

function Settings({ settings, run }: { settings: readonly Setting[]; run: TrainingRun }): ReactNode {
  return groups.map((group) => {
    const own = settings.filter((setting) => setting.group === group);
    if (own.length === 0) return null;
    const isTouched = own.some(({ path, value }) => (run.settings[path] ?? value) !== value);
    return (
      <FoldGroup
        key={group}
        title={groupTitles[group]}
        summary={groupSummary(own, run.settings, run.parameters)}
        isTouched={isTouched}
      >
        {own.map(({ path, title, value }) => (
          <Fact key={path} name={title} value={formatSetting(run.settings[path] ?? value)} />
        ))}
      </FoldGroup>
    );
  });
}

function Fact({ name, value }: { name: string; value: string }): ReactNode {
  return (
    <div className="row train-fact">
      <span className="soft cut grow">{name}</span>
      <span className="num cut">{value}</span>
    </div>
  );
}

function RunFoot({ run }: { run: TrainingRun }): ReactNode {
  const studio = useStudio();
  const isResting = useStudioState((state) => isPaused(state, run.job));
  const isLeaving = useTrain((train) => train.leaving.has(run.job));
  const noun = useData((data) => {
    const entry = data.datasets.find(({ id }) => id === run.dataset.id);
    return nounOf(entry?.kind ?? 'image')[1];
  });
  const share = run.steps === null ? null : run.step / Math.max(1, run.steps);
  if (!isLive(run) || isLeaving) {
    return (
      <div className="train-foot">
        <p className="row">
          <span className="text-15">{isLeaving ? 'cancelled' : phaseWords(run)}</span>
          <span className="caption num push">{stepWords(run)}</span>
        </p>
        <p className="caption num">{tookWords(run, noun)}</p>
        <Button icon={Copy} className="train-main-button" onClick={() => void setUpAgain(studio, true)}>
          Train again
        </Button>
      </div>
    );
  }
  const left = run.remainingMs === null || isResting ? '' : formatRemaining(run.remainingMs);
  return (
    <div className="train-foot">
      <div className="row">
        <span className="text-18 num">{share === null ? '–' : formatPercent(share)}</span>
        <span className="stack push train-foot-words caption num">
          <span>{stepWords(run)}</span>
          <span>{isResting ? 'paused' : left}</span>
        </span>
      </div>
      <Progress value={share} label={`${run.model} trained`} />
      <div className="train-foot-buttons">
        {isResting ? (
          <Button icon={Play} onClick={() => void resumeRun(studio, run.job)}>
            Resume
          </Button>
        ) : (
          <Button icon={Pause} onClick={() => void pauseRun(studio, run.job)}>
            Pause
          </Button>
        )}
        <Button icon={Square} onClick={() => void keepRun(studio, run.job)}>
          Stop and keep
        </Button>
      </div>
      <div className="row">
        <p className="caption num grow">{tookWords(run, noun)}</p>
        <IconButton icon={X} label="Cancel, keep nothing" onClick={() => void cancelRun(studio, run.job, run.model)} />
      </div>
    </div>
  );
}
