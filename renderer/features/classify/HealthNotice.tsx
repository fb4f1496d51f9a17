/** A calm word when a process of the engine stopped: what it means for the pictures, and a button when it gave up. */
import { RotateCcw } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ProcessHealth } from '../../../electron/contract/studio';
import { sayFailure } from '../../state/messages';
import { useStudio, useStudioState } from '../../state/use-studio';
import { Button } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import { Mark } from '../../ui/parts';

const names: Record<ProcessHealth['role'], string> = {
  engine: 'The engine',
  compute: 'The process that runs the models',
  intake: 'The process that opens pictures',
};

/** What a restart costs. */
const losses: Record<ProcessHealth['role'], string> = {
  engine: 'No file was touched; add your pictures again to go on.',
  compute: 'Nothing is lost; the pictures in hand are judged once more.',
  intake: 'The picture in hand is set aside; the others go on.',
};

const rests: Record<ProcessHealth['role'], string> = {
  engine: 'No file was touched; after a retry, add your pictures again.',
  compute: 'Your list and your labels are kept.',
  intake: 'Your list and your labels are kept.',
};

export function HealthNotice(): ReactNode {
  const health = useStudioState((state) => state.health);
  const isLoading = useStudioState((state) => state.connection === 'loading');
  const troubled = Object.values(health).filter((one) => one.state !== 'running');
  return (
    <div role="status" className="notices">
      <LoadNotice />
      {isLoading && (
        <div className="notice">
          <Mark voice="slate" />
          <span>The engine was started again. Your pictures are being listed.</span>
        </div>
      )}
      {troubled.map((one) => (
        <OneNotice key={one.role} health={one} />
      ))}
    </div>
  );
}

function LoadNotice(): ReactNode {
  const studio = useStudio();
  const loadFailure = useStudioState((state) => state.loadFailure);
  if (loadFailure === null) return null;
  return (
    <div className="notice notice-error">
      <ErrorNote
        title="The engine could not be read"
        failure={loadFailure.failure}
        onCopy={(text) => void studio.bridge.copyText(text)}
        onRetry={loadFailure.retry}
      />
    </div>
  );
}

function OneNotice({ health }: { health: ProcessHealth }): ReactNode {
  const studio = useStudio();
  const { role, state } = health;
  if (state === 'restarting') {
    return (
      <div className="notice">
        <Mark voice="warn" />
        <span>
          {names[role]} stopped and is starting again. {losses[role]}
        </span>
      </div>
    );
  }
  const retry = (): void => {
    const started = role === 'engine' ? studio.bridge.retryEngine() : studio.engine.call('process.retry', { role });
    started.catch((error: unknown) => {
      sayFailure(studio, `${names[role]} could not be started.`, error);
    });
  };
  return (
    <div className="notice">
      <Mark voice="bad" />
      <span className="grow">
        {names[role]} stopped several times and rests now. {rests[role]}
      </span>
      <Button isSmall icon={RotateCcw} onClick={retry}>
        Retry
      </Button>
    </div>
  );
}
