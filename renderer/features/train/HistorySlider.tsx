/** Goes back through the looks at a run, and plays them one after the other. */
import { Pause, Play } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { setTrain } from '../../state/train-load';
import { useStudio } from '../../state/use-studio';
import { useTrain } from '../../state/use-train';
import { IconButton } from '../../ui/Button';
import { formatCount } from '../../ui/format';

/** The whole history takes about so long, each look at least so long. */
const [playMs, leastMs] = [5000, 80];

export function HistorySlider({ steps }: { steps: readonly number[] }): ReactNode {
  const studio = useStudio();
  const at = useTrain((train) => train.at);
  const [isPlaying, setPlaying] = useState(false);
  const last = steps.length - 1;
  const found = at === null ? last : steps.indexOf(at);
  const place = found < 0 ? last : found;
  const go = (next: number): void => setTrain(studio, { at: next >= last ? null : (steps[next] ?? null) });
  useEffect(() => {
    if (!isPlaying) return undefined;
    const timer = setTimeout(
      () => {
        const next = place + 1;
        setTrain(studio, { at: next >= last ? null : (steps[next] ?? null) });
        if (next >= last) setPlaying(false);
      },
      Math.max(leastMs, playMs / Math.max(1, last)),
    );
    return () => clearTimeout(timer);
  }, [isPlaying, place, last, steps, studio]);
  if (steps.length < 2) return null;
  const play = (): void => {
    if (!isPlaying && place >= last) go(0);
    setPlaying(!isPlaying);
  };
  return (
    <span className="row push train-history">
      <IconButton
        icon={isPlaying ? Pause : Play}
        label={isPlaying ? 'Stop here' : 'Play how it learned'}
        onClick={play}
      />
      <span className="caption num">step {formatCount(steps[place] ?? 0)}</span>
      <input
        type="range"
        className="range"
        aria-label="Step shown"
        aria-valuetext={`step ${formatCount(steps[place] ?? 0)}${place === last ? ', the newest' : ''}`}
        min={0}
        max={last}
        value={place}
        onChange={(event) => {
          setPlaying(false);
          go(Number(event.target.value));
        }}
      />
      <button type="button" className="link caption" aria-pressed={at === null} onClick={() => go(last)}>
        now
      </button>
    </span>
  );
}
