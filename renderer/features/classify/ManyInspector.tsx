/** Several pictures selected: how many of each kind, and what can be done with all of them. */
import { Check, Tag as TagIcon, Trash2 } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { countLabels, countStandings, weigh } from '../../state/photo-list';
import { confirmPhotos, correctPhotos, removePhotos } from '../../state/photo-actions';
import { useStudio, useStudioState } from '../../state/use-studio';
import { Button } from '../../ui/Button';
import { countOf, formatCount } from '../../ui/format';
import { Tag } from '../../ui/parts';
import { LabelPicker } from './LabelPicker';

const shownLabels = 8;

export function ManyInspector(): ReactNode {
  const studio = useStudio();
  const ids = useStudioState((state) => state.selection.ids);
  const all = useStudioState((state) => state.list.all);
  const model = useStudioState((state) => state.selected[0] ?? '');
  const threshold = useStudioState((state) => state.threshold);
  const isAsking = useStudioState((state) => state.labelling !== null);
  const photos = useMemo(() => all.filter((photo) => ids.has(photo.id)), [all, ids]);
  const counts = countStandings(weigh(photos, model), threshold);
  const labels = countLabels(photos, model);
  const close = (): void => studio.store.setState({ labelling: null });
  const give = (label: string): void => {
    close();
    void correctPhotos(studio, [...ids], label);
  };
  return (
    <>
      <section>
        <h2 className="text-18 num">{countOf(photos.length, 'picture')} selected</h2>
        <div className="row wrap inspector-tags">
          {counts.sure > 0 && <Tag voice="real">{formatCount(counts.sure)} sure</Tag>}
          {counts.unsure > 0 && <Tag voice="warn">{formatCount(counts.unsure)} unsure</Tag>}
          {counts.corrected > 0 && <Tag voice="real">{formatCount(counts.corrected)} by you</Tag>}
          {counts.failed > 0 && <Tag voice="bad">{formatCount(counts.failed)} not read</Tag>}
          {counts.waiting > 0 && <Tag voice="slate">{formatCount(counts.waiting)} waiting</Tag>}
        </div>
      </section>
      <section className="stack stack-8">
        <Button icon={Check} onClick={() => void confirmPhotos(studio, photos)}>
          All labels are right
        </Button>
        <Button
          icon={TagIcon}
          aria-expanded={isAsking}
          onClick={() => studio.store.setState({ labelling: isAsking ? null : ([...ids][0] ?? null) })}
        >
          All of them are...
        </Button>
        {isAsking && <LabelPicker onPick={give} onClose={close} />}
        <Button icon={Trash2} onClick={() => void removePhotos(studio, [...ids])}>
          Remove from the list <kbd>Del</kbd>
        </Button>
        <p className="caption">Exports now write these pictures only. Removing touches no file.</p>
      </section>
      <section>
        <h3>Labels among them</h3>
        {labels.slice(0, shownLabels).map(({ label, count }) => (
          <div key={label} className="row label-count">
            <span className="cut grow">{label}</span>
            <span className="num soft">{formatCount(count)}</span>
          </div>
        ))}
        {labels.length > shownLabels && <p className="caption">and {countOf(labels.length - shownLabels, 'other')}</p>}
      </section>
    </>
  );
}
