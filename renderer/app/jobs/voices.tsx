/** What is said aloud of work under way: at quarters only, so that a screen reader is not talked over. */
import { type ReactNode, useEffect, useState } from 'react';
import type { RunProgress } from '../../../electron/contract/studio';
import { jobRows, runFraction } from '../../state/job-rows';
import { useStudioState } from '../../state/use-studio';
import { countOf } from '../../ui/format';

export function RunVoice({ run }: { run: RunProgress }): ReactNode {
  const [said, setSaid] = useState('');
  const quarter = Math.floor(runFraction(run) * 4) * 25;
  const state = run.state;
  const total = run.total;
  useEffect(() => {
    if (state === 'running') setSaid(`Judging ${countOf(total, 'picture')}, ${quarter} percent`);
    else if (state === 'stopped') setSaid('Judging stopped');
    else setSaid((before) => (before === '' ? '' : 'All pictures are judged'));
  }, [state, quarter, total]);
  return <Voice text={said} />;
}

/** The durable jobs at work, in one sentence that changes at their quarters; what ends is told by its notice. */
export function JobVoice(): ReactNode {
  const text = useStudioState((state) => {
    const rows = jobRows({ ...state, jobs: [], selected: [] }, 'running');
    const running = rows.filter((row) => row.from === 'queue' && row.look === 'running');
    return running
      .map(({ title, fraction }) => (fraction === null ? title : `${title}, ${Math.floor(fraction * 4) * 25} percent`))
      .join('; ');
  });
  return <Voice text={text} />;
}

function Voice({ text }: { text: string }): ReactNode {
  return (
    <span className="sr-only" role="status">
      {text}
    </span>
  );
}
