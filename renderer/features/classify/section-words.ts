/** What the headers of the sections say. */
import { formatConfidence, type Photo } from '../../../electron/contract/photo';
import { isMarkedWrong } from '../../state/describe';
import type { SectionKind, SortBy } from '../../state/photo-list';
import { formatCount } from '../../ui/format';
import type { Voice } from '../../ui/parts';

export const sectionLooks: Readonly<Record<SectionKind, { title: string; voice: Voice }>> = {
  differ: { title: 'Models disagree', voice: 'slate' },
  sure: { title: 'Sure', voice: 'real' },
  unsure: { title: 'Unsure', voice: 'warn' },
  corrected: { title: 'Corrected', voice: 'real' },
  waiting: { title: 'Waiting', voice: 'slate' },
  failed: { title: 'Could not be read', voice: 'bad' },
};

const orderWords: Record<SortBy, string> = {
  confidence: 'surest first',
  doubtful: 'most doubtful first',
  name: 'by file name',
  disagreement: 'surest first',
};

export interface SectionContext {
  sort: SortBy;
  threshold: number;
  model: string;
  photos: readonly Photo[];
}

export function sectionNote(kind: SectionKind, { sort, threshold, model, photos }: SectionContext): string {
  switch (kind) {
    case 'differ':
      return 'no word in common, loudest first';
    case 'sure':
      return orderWords[sort];
    case 'unsure':
      return `below ${formatConfidence(threshold)}: a guess, not a label`;
    case 'corrected': {
      const wrong = photos.filter((photo) => isMarkedWrong(photo, model)).length;
      return `${formatCount(photos.length - wrong)} confirmed, ${formatCount(wrong)} ${wrong === 1 ? 'was' : 'were'} wrong`;
    }
    case 'waiting':
      return 'judged one after the other';
    case 'failed':
      return 'the others went on';
  }
}
