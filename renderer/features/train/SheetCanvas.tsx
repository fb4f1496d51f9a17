/** A sheet of drawings on canvas: whole pixels, a block of columns for each class, one drawing large under the pointer. */
import { type MouseEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { Sheet } from '../../../electron/contract/training';
import { blockAt, placeAt, planSheet, sampleAt, type SheetPlan } from '../../charts/sheet-plan';
import { countOf } from '../../ui/format';
import { drawSample, type SampleAtlas, sampleAtlas } from '../../ui/sample-atlas';

interface SheetCanvasProps {
  sheet: Sheet;
  width: number;
  /** Empty: its columns mean nothing. */
  classes: readonly string[];
}

const sheetHeight = 300;
const radius = 3;

export function SheetCanvas({ sheet, width, classes }: SheetCanvasProps): ReactNode {
  const { shape, samples, columns, count } = sheet;
  const atlas = useMemo(() => (shape.kind === 'image' ? sampleAtlas(samples, shape) : undefined), [samples, shape]);
  const isByClass = classes.length > 0;
  const density = window.devicePixelRatio;
  const plan = useMemo(
    () =>
      planSheet({
        ...{ count, columns, density, isByClass, room: { width, height: sheetHeight } },
        picture: shape.kind === 'image' ? shape : { width: 1, height: 1 },
      }),
    [count, columns, density, isByClass, shape, width],
  );
  const [over, setOver] = useState<number | null>(null);
  if (atlas === undefined) return null;
  const move = (event: MouseEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const point = { x: event.clientX - box.left, y: event.clientY - box.top };
    setOver(sampleAt(plan, { columns, count }, point) ?? null);
  };
  const label = `${countOf(Math.min(count, plan.each * columns), 'drawing')}${isByClass ? `, ${plan.each} of each class` : ''}`;
  return (
    <div className="train-sheet">
      {isByClass && <Names plan={plan} classes={classes.slice(0, columns)} />}
      <div className="train-sheet-place" onMouseMove={move} onMouseLeave={() => setOver(null)}>
        <Drawing atlas={atlas} plan={plan} columns={columns} label={label} />
        {over !== null && <Large atlas={atlas} plan={plan} columns={columns} index={over} />}
      </div>
    </div>
  );
}

/** Only the first band has room above it; the others have it between them. */
function Names({ plan, classes }: { plan: SheetPlan; classes: readonly string[] }): ReactNode {
  return (
    <div className="train-sheet-names" style={{ width: plan.size.width }} aria-hidden="true">
      {classes.map((name, block) => {
        const { x, y, width } = blockAt(plan, block);
        return (
          <span key={name} className="cut" style={{ left: x, top: y, width }} title={name}>
            {name}
          </span>
        );
      })}
    </div>
  );
}

interface DrawingProps {
  atlas: SampleAtlas;
  plan: SheetPlan;
  columns: number;
}

function Drawing({ atlas, plan, columns, label }: DrawingProps & { label: string }): ReactNode {
  const ref = useRef<HTMLCanvasElement | null>(null);
  const { width, height } = plan.size;
  useEffect(() => {
    const context = ref.current?.getContext('2d') ?? null;
    if (ref.current === null || context === null) return;
    const density = window.devicePixelRatio;
    const size = { width: Math.ceil(width * density), height: Math.ceil(height * density) };
    if (ref.current.width !== size.width || ref.current.height !== size.height) Object.assign(ref.current, size);
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, width, height);
    for (let index = 0; index < atlas.count; index += 1) {
      const place = placeAt(plan, columns, index);
      if (place !== undefined) drawSample(context, atlas, index, { ...place, ...plan.tile, radius }, density);
    }
  }, [atlas, plan, columns, width, height]);
  return <canvas ref={ref} className="train-sheet-canvas" style={{ width, height }} role="img" aria-label={label} />;
}

const largeSide = 168;

function Large({ atlas, plan, columns, index }: DrawingProps & { index: number }): ReactNode {
  const ref = useRef<HTMLCanvasElement | null>(null);
  const times = Math.max(2, Math.floor(largeSide / Math.max(atlas.shape.width, atlas.shape.height)));
  const size = { width: times * atlas.shape.width, height: times * atlas.shape.height };
  useEffect(() => {
    const context = ref.current?.getContext('2d') ?? null;
    if (ref.current === null || context === null) return;
    Object.assign(ref.current, { width: size.width, height: size.height });
    drawSample(context, atlas, index, { x: 0, y: 0, ...size, radius: 6 }, 1);
  });
  const place = placeAt(plan, columns, index);
  if (place === undefined) return null;
  const isLeft = place.x + plan.tile.width + size.width + 12 > plan.size.width;
  const left = isLeft ? place.x - size.width - 12 : place.x + plan.tile.width + 12;
  const top = Math.max(0, Math.min(place.y, plan.size.height - size.height));
  return <canvas ref={ref} className="train-large" style={{ ...size, left, top }} aria-hidden="true" />;
}
