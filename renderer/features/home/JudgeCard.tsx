/** Judge it: a few of the drawings as the judge reads them, doubts and mistakes among them. */
import { ScanEye } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatConfidence } from '../../../electron/contract/photo';
import {
  type HomePicture,
  type HomeState,
  type Reading,
  readingOf,
  readingSentence,
  tallyOf,
  tellingPlaces,
} from '../../state/home-state';
import { useStudio, useStudioState } from '../../state/use-studio';
import { goTo } from '../../state/view-actions';
import { Button } from '../../ui/Button';
import { Mark, Track, type TrackTone, type Voice } from '../../ui/parts';
import { SampleCanvas } from '../../ui/SampleCanvas';
import { HomeCard } from './HomeCard';

const shown = 5;

export function JudgeCard(): ReactNode {
  const studio = useStudio();
  const home = useStudioState((state) => state.home);
  const { pair, items } = home;
  const judge = pair?.judge ?? null;
  return (
    <HomeCard
      step={2}
      voice="real"
      title="Judge it"
      tag="judged"
      picture={<Rows home={home} />}
      text={
        judge === null
          ? 'A judge that knows the same kinds says what it takes each drawing for, and how sure it is.'
          : readingSentence(judge, tallyOf(items))
      }
      actions={
        <Button tone="real" icon={ScanEye} onClick={() => goTo(studio, 'classify')}>
          Judge your own pictures
        </Button>
      }
    />
  );
}

function Rows({ home }: { home: HomeState }): ReactNode {
  const { items, samples, shape, pair } = home;
  const places = tellingPlaces(items, shown);
  if (shape?.kind !== 'image' || pair === null || places.length === 0) return null;
  const size = shape.height * shape.width * shape.channels;
  return (
    <ul className="home-rows" aria-label="How the judge reads some of them">
      {places.map((place) => {
        const item = items[place];
        return item === undefined ? null : (
          <li key={place} className="home-row">
            <SampleCanvas
              samples={samples.subarray(place * size, (place + 1) * size)}
              shape={shape}
              columns={1}
              tile={38}
              gap={0}
            />
            <Said item={item} classes={pair.classes} />
          </li>
        );
      })}
    </ul>
  );
}

const looks: Record<Reading, { voice: Voice; tone: TrackTone; word: string }> = {
  asked: { voice: 'real', tone: 'real', word: 'as asked' },
  unsure: { voice: 'warn', tone: 'warn', word: 'unsure' },
  wrong: { voice: 'bad', tone: 'bad', word: 'wrong' },
  unread: { voice: 'slate', tone: 'mute', word: 'not read' },
};

function Said({ item, classes }: { item: HomePicture; classes: readonly string[] }): ReactNode {
  const best = item.judged?.best[0];
  const reading = readingOf(item);
  const { voice, tone, word } = looks[reading];
  if (best === undefined) return null;
  return (
    <>
      <span className="soft home-asked cut">
        {item.class === null ? 'drawn' : `asked ${classes[item.class] ?? item.class}`}
      </span>
      <span className="row home-says">
        <Mark voice={voice} />
        <span className="strong cut">
          says {best.label}
          {reading === 'unsure' ? '?' : ''}
        </span>
        <span className="sr-only">, {word}</span>
      </span>
      <Track value={best.score} tone={tone} className="home-bar" />
      <span className="num soft home-sure">{formatConfidence(best.score)}</span>
    </>
  );
}
