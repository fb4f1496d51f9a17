/** The window is to be closed while jobs are at work: asks what shall become of them, over the content, without stopping them. */
import { Popover } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import type { CloseAnswer } from '../../electron/contract/bridge';
import { answerClose } from '../state/jobs-actions';
import { jobRows } from '../state/job-rows';
import { useStudio, useStudioState } from '../state/use-studio';
import { Button } from '../ui/Button';
import { useFloats } from '../ui/floats';
import { countOf } from '../ui/format';
import { Mark } from '../ui/parts';

const mostShown = 5;

export function ClosingSheet(): ReactNode {
  const titles = useStudioState((state) => state.closing);
  return titles === null ? null : <Asking titles={titles} />;
}

function Asking({ titles }: { titles: readonly string[] }): ReactNode {
  const studio = useStudio();
  const floats = useFloats();
  const keep = useRef<HTMLButtonElement>(null);
  const answer = (given: CloseAnswer) => (): void => answerClose(studio, given);
  return (
    <Popover.Root open modal={false} onOpenChange={answer('stay')}>
      <Popover.Anchor className="sheet-anchor" />
      <Popover.Portal container={floats}>
        <Popover.Content
          className="pop sheet closing"
          role="alertdialog"
          aria-labelledby="closing-title"
          aria-describedby="closing-text"
          sideOffset={96}
          collisionPadding={16}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            keep.current?.focus();
          }}
        >
          <h2 id="closing-title" className="text-15">
            {countOf(titles.length, 'job is', 'jobs are')} at work
          </h2>
          <AtWork titles={titles} />
          <p id="closing-text" className="soft">
            Kept for next time, {titles.length === 1 ? 'it goes' : 'they go'} on from here when you open Duet again.
            What waits in the queue stays there in any case.
          </p>
          <div className="row closing-answers">
            <Button ref={keep} tone="ink" onClick={answer('keep')}>
              Keep for next time
            </Button>
            <Button onClick={answer('stop')}>{titles.length === 1 ? 'Stop it' : 'Stop them'}</Button>
            <Button tone="quiet" className="push" onClick={answer('stay')}>
              Stay
            </Button>
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** How far they are goes on being told while the person thinks. */
function AtWork({ titles }: { titles: readonly string[] }): ReactNode {
  const queue = useStudioState((state) => state.queue);
  const run = useStudioState((state) => state.run);
  const rows = jobRows({ queue, jobs: [], run, selected: [] }, 'running');
  return (
    <ul className="closing-jobs">
      {titles.slice(0, mostShown).map((title) => (
        <li key={title} className="row">
          <Mark voice="slate" />
          <span className="cut grow">{title}</span>
          <span className="caption num">{rows.find((row) => row.title === title)?.note}</span>
        </li>
      ))}
      {titles.length > mostShown && <li className="caption">and {countOf(titles.length - mostShown, 'other')}</li>}
    </ul>
  );
}
