/** The little picture of a data set: nine of its images, or a sign for what has none. */
import { AudioLines, FileText, FlaskConical, Images, type LucideIcon, Music, Table } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DatasetEntry } from '../../electron/contract/datasets';
import { tilesOf } from '../state/tile-sheets';
import { useStudio } from '../state/use-studio';
import { TileCanvas } from './TileCanvas';

const signs: Readonly<Record<DatasetEntry['kind'], LucideIcon>> = {
  image: Images,
  text: FileText,
  molecule: FlaskConical,
  sound: AudioLines,
  music: Music,
  row: Table,
};

const gap = 1;

interface PreviewSquareProps {
  entry: Pick<DatasetEntry, 'id' | 'kind' | 'state' | 'preview'>;
  side?: number;
}

export function PreviewSquare({ entry, side = 52 }: PreviewSquareProps): ReactNode {
  const studio = useStudio();
  const Sign = signs[entry.kind];
  const tile = (side - 2 * gap) / 3;
  const size = { width: side, height: side };
  if (entry.state !== 'ready' || entry.kind !== 'image' || entry.preview.length === 0) {
    return (
      <span className="data-preview data-sign" style={size} aria-hidden="true">
        <Sign size={20} />
      </span>
    );
  }
  return (
    <span className="data-preview" style={size} aria-hidden="true">
      <TileCanvas
        tiles={tilesOf(studio)}
        id={entry.id}
        indices={entry.preview}
        columns={3}
        tile={{ width: tile, height: tile }}
        gap={gap}
        radius={0}
      />
    </span>
  );
}
