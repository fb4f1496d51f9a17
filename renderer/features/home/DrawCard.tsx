/** See it draw: sixty drawings that appear a dozen at a time. */
import { Sparkles } from 'lucide-react';
import type { ReactNode } from 'react';
import { drawMore } from '../../state/home-actions';
import type { HomeState } from '../../state/home-state';
import { useStudio, useStudioState } from '../../state/use-studio';
import { goTo } from '../../state/view-actions';
import { Button } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import { Progress } from '../../ui/parts';
import { SampleCanvas } from '../../ui/SampleCanvas';
import { useSize } from '../../ui/use-size';
import { HomeCard } from './HomeCard';

const columns = 10;
const gap = 4;

export function DrawCard(): ReactNode {
  const studio = useStudio();
  const home = useStudioState((state) => state.home);
  const { pair, phase, wanted } = home;
  const isDrawing = phase === 'drawing';
  const more = wanted === 0 ? 'Draw 60' : 'Draw 60 more';
  return (
    <HomeCard
      step={1}
      voice="gen"
      title="See it draw"
      tag="generated"
      picture={<Picture home={home} />}
      text={wordsOf(home)}
      actions={
        pair === null ? (
          <Button tone="gen" onClick={() => goTo(studio, 'data')}>
            Choose data to learn from
          </Button>
        ) : (
          <Button
            tone="gen"
            icon={Sparkles}
            why={isDrawing ? 'It is drawing' : null}
            onClick={() => void drawMore(studio)}
          >
            {more}
          </Button>
        )
      }
    />
  );
}

function wordsOf({ pair, phase }: HomeState): string {
  if (phase === 'looking') return 'Looking for a model that draws...';
  if (pair === null) return 'There is no model that draws yet. Train one, and its drawings appear here.';
  const kinds = pair.classes.length === 0 ? 'pictures' : `${pair.classes.length} kinds of pictures`;
  return `${pair.generator} turns noise into ${kinds} nobody has drawn before. The first run goes by itself.`;
}

function Picture({ home }: { home: HomeState }): ReactNode {
  const studio = useStudio();
  const [ref, { width }] = useSize();
  const { shape, samples, items, wanted, phase, failure } = home;
  if (failure !== null)
    return (
      <ErrorNote title="It could not draw" failure={failure} onCopy={(text) => void studio.bridge.copyText(text)} />
    );
  const tile = Math.max(8, Math.floor((width - (columns - 1) * gap) / columns));
  const done = items.length;
  return (
    <div ref={ref} className="stack home-drawn">
      {shape?.kind === 'image' && width > 0 && (
        <SampleCanvas samples={samples} shape={shape} columns={columns} tile={tile} gap={gap} places={wanted} />
      )}
      <span className="row home-progress">
        {phase === 'drawing' && <Progress value={wanted === 0 ? null : done / wanted} label="Drawing" />}
        <span className="caption num push" role="status">
          {wanted === 0 ? '' : `${done} of ${wanted} drawn`}
        </span>
      </span>
    </div>
  );
}
