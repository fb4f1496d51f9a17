/** How samples come in: size and fit of pictures, the unit of texts, columns of tables, the rate of sounds. */
import type { ReactNode } from 'react';
import type { ImageOptions, Inspection, ReadOptions } from '../../../electron/contract/samples';
import { Choice } from '../../ui/Choice';
import { formatCount } from '../../ui/format';
import { ColumnsTable } from './ColumnsTable';
import { NumberField } from '../../ui/NumberField';

interface ImportOptionsProps {
  inspection: Inspection;
  options: ReadOptions;
  onChange: (options: ReadOptions) => void;
}

export function ImportOptions({ inspection, options, onChange }: ImportOptionsProps): ReactNode {
  const { image, columns, textUnit, sampleRate } = options;
  return (
    <>
      {image !== undefined && (
        <PictureFields
          image={image}
          sizes={inspection.sizes}
          onChange={(next) => onChange({ ...options, image: next })}
        />
      )}
      {textUnit !== undefined && (
        <section aria-label="One sample" className="row import-line">
          <span className="soft">One sample</span>
          <Choice
            label="One sample is"
            isWide
            value={textUnit}
            items={[
              { value: 'file', label: 'A file' },
              { value: 'paragraph', label: 'A paragraph' },
              { value: 'line', label: 'A line' },
            ]}
            onChange={(unit) => onChange({ ...options, textUnit: unit })}
          />
        </section>
      )}
      {columns !== undefined && columns.length > 0 && (
        <ColumnsTable
          columns={columns}
          rows={inspection.rows}
          onChange={(next) => onChange({ ...options, columns: next })}
        />
      )}
      {sampleRate !== undefined && (
        <section aria-label="Sound" className="row import-line">
          <span className="soft">Rate</span>
          <Choice
            label="Samples a second"
            isWide
            value={String(sampleRate)}
            items={ratesWith(sampleRate).map((rate) => ({
              value: String(rate),
              label: `${formatCount(rate)}\u202fHz`,
            }))}
            onChange={(rate) => onChange({ ...options, sampleRate: Number(rate) })}
          />
        </section>
      )}
    </>
  );
}

const usualRates = [8000, 16_000, 22_050, 44_100];

function ratesWith(rate: number): number[] {
  return [...new Set([...usualRates, rate])].sort((a, b) => a - b);
}

const usualSides = [28, 32, 64, 96, 128, 224];

interface PictureFieldsProps {
  image: ImageOptions;
  sizes: Inspection['sizes'];
  onChange: (image: ImageOptions) => void;
}

function PictureFields({ image, sizes, onChange }: PictureFieldsProps): ReactNode {
  const set = (part: Partial<ImageOptions>): void => onChange({ ...image, ...part });
  const isFitUseful = sizes?.areAllEqual !== true || sizes.largest !== `${image.width} × ${image.height}`;
  const isSquare = image.width === image.height && usualSides.includes(image.width);
  return (
    <section aria-label="Pictures" className="stack stack-8">
      <h3>Pictures</h3>
      <div className="row wrap import-line">
        <span className="soft">Size</span>
        <Choice
          label="Side in pixels"
          value={isSquare ? String(image.width) : ''}
          items={usualSides.map((side) => ({ value: String(side), label: String(side) }))}
          onChange={(side) => set({ width: Number(side), height: Number(side) })}
        />
      </div>
      <div className="row import-line">
        <span />
        <NumberField label="Width" value={image.width} min={1} max={512} onChange={(width) => set({ width })} />
        <NumberField label="Height" value={image.height} min={1} max={512} onChange={(height) => set({ height })} />
      </div>
      {isFitUseful && (
        <div className="row import-line">
          <span className="soft">Fit</span>
          <Choice
            label="Fit"
            isWide
            value={image.fit}
            items={[
              { value: 'crop', label: 'Cut the middle' },
              { value: 'pad', label: 'Fit inside' },
              { value: 'stretch', label: 'Stretch' },
            ]}
            onChange={(fit) => set({ fit })}
          />
        </div>
      )}
      <div className="row import-line">
        <span className="soft">Colour</span>
        <Choice
          label="Colour"
          isWide
          value={image.channels === 1 ? 'grey' : 'rgb'}
          items={[
            { value: 'rgb', label: 'Colour' },
            { value: 'grey', label: 'Grey' },
          ]}
          onChange={(value) => set({ channels: value === 'grey' ? 1 : 3 })}
        />
      </div>
    </section>
  );
}
