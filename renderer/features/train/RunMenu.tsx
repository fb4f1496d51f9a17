/** Which run the screen is about: the heading of its side, with all the others behind it. */
import { ChevronsUpDown, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { setUpAgain } from '../../state/train-actions';
import { showRun } from '../../state/train-load';
import { phaseWords } from '../../state/train-words';
import { useStudio } from '../../state/use-studio';
import { useTrain } from '../../state/use-train';
import { Menu, MenuItem, MenuRule } from '../../ui/Menu';
import { Mark } from '../../ui/parts';

export function RunMenu({ title }: { title: string }): ReactNode {
  const studio = useStudio();
  const runs = useTrain((train) => train.runs);
  const shown = useTrain((train) => train.shown);
  if (runs.length === 0) return <h1 className="text-15 cut">{title}</h1>;
  const trigger = (
    <button type="button" className="train-heading" aria-label={`Run: ${title}`}>
      <span className="text-15 cut">{title}</span>
      <ChevronsUpDown size={16} aria-hidden="true" />
    </button>
  );
  return (
    <h1 className="train-heading-line">
      <Menu label="Runs" trigger={trigger}>
        <MenuItem icon={Plus} onSelect={() => void setUpAgain(studio, false)}>
          Set up a new run
        </MenuItem>
        <MenuRule />
        {runs.map((run) => (
          <MenuItem key={run.job} onSelect={() => showRun(studio, run.job)}>
            <Mark voice={run.purpose === 'generator' ? 'gen' : 'real'} />
            <span className={`cut ${run.job === shown ? 'strong' : ''}`}>{run.model}</span>
            <span className="caption push">{phaseWords(run)}</span>
          </MenuItem>
        ))}
      </Menu>
    </h1>
  );
}
