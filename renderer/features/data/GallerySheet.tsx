/** What comes with Duet: each data set with what it is, how large, whose, and one button to add it. */
import { Plus, X } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import type { GalleryEntry } from '../../../electron/contract/datasets';
import type { Failure } from '../../../electron/contract/errors';
import { addBuiltIn } from '../../state/data-import';
import { setData } from '../../state/data-load';
import { nounOf } from '../../state/data-state';
import { failureOf } from '../../state/messages';
import { useData } from '../../state/use-data';
import { useStudio } from '../../state/use-studio';
import { Button, IconButton } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import { countOf, formatBytes } from '../../ui/format';
import { Tag } from '../../ui/parts';
import { NumberField } from '../../ui/NumberField';

export function GallerySheet(): ReactNode {
  const studio = useStudio();
  const isOpen = useData((data) => data.isGalleryOpen);
  if (!isOpen) return null;
  return (
    <section className="side-sheet gallery-sheet" role="dialog" aria-label="Built-in data sets">
      <header className="row side-sheet-head">
        <h2 className="text-15 grow">Add a built-in data set</h2>
        <IconButton icon={X} label="Close" keys="Esc" onClick={() => setData(studio, { isGalleryOpen: false })} />
      </header>
      <div className="side-sheet-body">
        <GalleryList />
      </div>
    </section>
  );
}

export function GalleryList(): ReactNode {
  const studio = useStudio();
  const gallery = useData((data) => data.gallery);
  const failure = useData((data) => data.galleryFailure);
  if (failure !== null) {
    return (
      <ErrorNote
        title="The gallery could not be read"
        failure={failure}
        onCopy={(text) => void studio.bridge.copyText(text)}
      />
    );
  }
  if (gallery === null) {
    return (
      <p className="soft" role="status">
        Looking for what is here...
      </p>
    );
  }
  return (
    <ul className="gallery">
      {gallery.map((entry) => (
        <li key={entry.name}>
          <GalleryCard entry={entry} />
        </li>
      ))}
    </ul>
  );
}

function GalleryCard({ entry }: { entry: GalleryEntry }): ReactNode {
  const studio = useStudio();
  const name = useId();
  const [samples, setSamples] = useState(entry.samples);
  const [seed, setSeed] = useState(1);
  const [isAdding, setAdding] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [one, many] = nounOf(entry.kind);
  const add = (): void => {
    setAdding(true);
    setFailure(null);
    const chosen = entry.isSynthetic ? { samples, seed } : {};
    addBuiltIn(studio, { name: entry.name, title: entry.title, ...chosen }).catch((error: unknown) => {
      setAdding(false);
      setFailure(failureOf(error));
    });
  };
  const why = entry.missing !== '' ? entry.missing : isAdding ? 'It is being added.' : null;
  const classes = entry.classes === 0 ? '' : ` · ${countOf(entry.classes, 'class', 'classes')}`;
  return (
    <article className="gallery-card" aria-labelledby={name}>
      <div className="row">
        <h3 id={name} className="cut grow">
          {entry.title}
        </h3>
        {entry.isSynthetic && <Tag voice="gen">made here</Tag>}
        <Button isSmall icon={Plus} why={why} aria-label={`Add ${entry.title}`} onClick={add}>
          {isAdding ? 'Adding...' : 'Add'}
        </Button>
      </div>
      <p className="soft">{entry.summary}</p>
      <p className="caption num">
        {countOf(entry.isSynthetic ? samples : entry.samples, one, many)}
        {classes} · {formatBytes(entry.bytes)} · {entry.licence}
      </p>
      <p className="caption selectable gallery-source">{entry.source}</p>
      {entry.isSynthetic && (
        <div className="row wrap gallery-choices">
          <NumberField label="How many" value={samples} min={1} max={1_000_000} onChange={setSamples} />
          <NumberField label="Seed" value={seed} min={0} max={0xffff_ffff} onChange={setSeed} />
        </div>
      )}
      {entry.missing !== '' && <p className="caption gallery-missing">{entry.missing}</p>}
      {failure !== null && (
        <ErrorNote
          title={`${entry.title} was not added`}
          failure={failure}
          onCopy={(text) => void studio.bridge.copyText(text)}
          onRetry={add}
        />
      )}
    </article>
  );
}
