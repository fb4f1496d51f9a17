/** What a generator draws from noise that stays the same, at one step or now: a sheet of pictures, or points beside real ones. */
import { type ReactNode, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { Sheet, TrainingRun } from '../../../electron/contract/training';
import { planeOf, squareAround, toFloat32 } from '../../charts/density';
import { PointCloud } from '../../charts/PointCloud';
import { sheetSteps } from '../../state/train-merge';
import { sheetsOf } from '../../state/train-sheets';
import { useStudio } from '../../state/use-studio';
import { useTrain } from '../../state/use-train';
import { countOf, formatCount } from '../../ui/format';
import { Mark } from '../../ui/parts';
import { HistorySlider } from './HistorySlider';
import { SheetCanvas } from './SheetCanvas';

/** The sheet of a step; until it is here, the one before stays. */
function useSheet(job: string, step: number | undefined): Sheet | undefined {
  const book = sheetsOf(useStudio());
  const found = useSyncExternalStore(book.subscribe, () => (step === undefined ? undefined : book.get(job, step)));
  const [shown, setShown] = useState<{ job: string; sheet: Sheet } | undefined>();
  if (found !== undefined && shown?.sheet !== found) setShown({ job, sheet: found });
  useEffect(() => {
    if (step !== undefined) book.want(job, step);
  }, [book, job, step]);
  return found ?? (shown?.job === job ? shown.sheet : undefined);
}

export function Samples({ run, width }: { run: TrainingRun; width: number }): ReactNode {
  const at = useTrain((train) => train.at);
  const { checks } = run;
  const steps = useMemo(() => sheetSteps(checks), [checks]);
  const step = at !== null && steps.includes(at) ? at : steps.at(-1);
  const sheet = useSheet(run.job, step);
  const isByClass = run.settings['conditional'] === true && run.classes.length > 0;
  const isPoints = sheet?.shape.kind === 'row';
  const words = isByClass ? ', a column for each class asked' : '';
  return (
    <section className="train-section" aria-label="Samples">
      <div className="row wrap train-section-head">
        <h3>Samples</h3>
        <span className="caption num">
          {sheet === undefined
            ? 'the first drawings come soon'
            : `seed ${formatCount(run.seed)}, step ${formatCount(sheet.step)}${isPoints ? '' : words}`}
        </span>
        <HistorySlider steps={steps} />
      </div>
      {sheet === undefined || width === 0 ? (
        <div className="train-well" />
      ) : isPoints ? (
        <Points sheet={sheet} width={width} />
      ) : (
        <SheetCanvas sheet={sheet} width={width} classes={isByClass ? run.classes : []} />
      )}
    </section>
  );
}

const mostSide = 360;
const pairGap = 24;

function Points({ sheet, width }: { sheet: Sheet; width: number }): ReactNode {
  const rowWidth = sheet.shape.kind === 'row' ? sheet.shape.width : 2;
  const drawn = useMemo(() => planeOf(toFloat32(sheet.samples), rowWidth), [sheet, rowWidth]);
  const real = useMemo(() => planeOf(toFloat32(sheet.real), rowWidth), [sheet, rowWidth]);
  // The real ones give the scale: what is drawn far off lies outside, which one should see.
  const square = useMemo(() => squareAround(real.length > 0 ? real : drawn), [real, drawn]);
  const side = Math.floor(Math.min(mostSide, (width - pairGap) / 2));
  const both = [
    { voice: 'gen', points: drawn, words: 'drawn' },
    { voice: 'real', points: real, words: 'real' },
  ] as const;
  return (
    <div className="train-points">
      {both.map(({ voice, points, words }) => (
        <figure key={voice}>
          <PointCloud
            points={points}
            voice={voice}
            square={square}
            side={side}
            label={`${countOf(points.length / 2, 'point')}, ${words}`}
          />
          <figcaption className="row row-4 caption num">
            <Mark voice={voice} />
            {words}, {countOf(points.length / 2, 'point')}
          </figcaption>
        </figure>
      ))}
    </div>
  );
}
