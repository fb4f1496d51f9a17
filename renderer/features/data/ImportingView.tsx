/** A data set that is still coming in, or that cannot be read: how far it is, why not, and what can be done. */
import type { ReactNode } from 'react';
import type { DatasetEntry } from '../../../electron/contract/datasets';
import { removeDataset } from '../../state/data-actions';
import { sayFailure } from '../../state/messages';
import { useStudio, useStudioState } from '../../state/use-studio';
import { Button } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import { formatCount, formatRemaining } from '../../ui/format';
import { Progress } from '../../ui/parts';
import { ListButton } from './ListButton';

export function ImportingView({ entry }: { entry: DatasetEntry }): ReactNode {
  return (
    <>
      <header className="bar">
        <ListButton />
        <h2 className="text-15 cut">{entry.title}</h2>
      </header>
      <div className="data-wait">
        {entry.state === 'broken' ? <Broken entry={entry} /> : <Importing entry={entry} />}
      </div>
    </>
  );
}

function Broken({ entry }: { entry: DatasetEntry }): ReactNode {
  const studio = useStudio();
  const failure = entry.failure ?? {
    code: 'data/damaged' as const,
    message: 'Its files are not as they should be. Restore them from a backup, or remove it and import it again.',
    details: {},
  };
  return (
    <ErrorNote
      title={`${entry.title} cannot be read`}
      failure={failure}
      onCopy={(text) => void studio.bridge.copyText(text)}
    >
      <Button isSmall onClick={() => void removeDataset(studio, entry.id)}>
        Remove
      </Button>
    </ErrorNote>
  );
}

function Importing({ entry }: { entry: DatasetEntry }): ReactNode {
  const studio = useStudio();
  const job = useStudioState((state) => (entry.job === null ? undefined : state.queue.jobs[entry.job]));
  const { done, total, unit } = job?.progress ?? { done: 0, total: null, unit: '' };
  const left = job?.remainingMs ?? null;
  const cancel = (): void => {
    if (entry.job === null) return;
    studio.engine
      .call('jobs.cancel', { id: entry.job })
      .catch((error: unknown) => sayFailure(studio, 'The import was not stopped.', error));
  };
  return (
    <section className="stack stack-8 data-coming" aria-label="Coming in">
      <h3 className="text-18">{job === undefined ? 'Waiting to be imported' : 'Coming in'}</h3>
      {total !== null && (
        <p className="num">
          {formatCount(done)} of {formatCount(total)} {unit}
          {left === null ? '' : `, ${formatRemaining(left)}`}
        </p>
      )}
      <Progress value={total === null || total === 0 ? null : done / total} label={`${entry.title} imported`} />
      <p className="soft">{job?.doing ?? ''}</p>
      <p className="caption">You can go on with other things, or close the window: it goes on where it was.</p>
      <div className="row">
        <Button onClick={() => studio.store.setState({ isJobsOpen: true })}>Show in jobs</Button>
        <Button tone="quiet" onClick={cancel}>
          Stop the import
        </Button>
      </div>
    </section>
  );
}
