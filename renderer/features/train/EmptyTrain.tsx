/** Nothing to learn from yet: what training is, in a sentence, and data sets that come with Duet, one button each. */
import { Plus } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import cat from '../../../assets/samples/tabby-cat.jpg';
import dahlia from '../../../assets/samples/dahlia.jpg';
import type { GalleryEntry } from '../../../electron/contract/datasets';
import type { Failure } from '../../../electron/contract/errors';
import { failureOf } from '../../state/messages';
import { addToLearnFrom, lookForBuiltIn } from '../../state/train-actions';
import { useData } from '../../state/use-data';
import { useStudio } from '../../state/use-studio';
import { goTo } from '../../state/view-actions';
import { Button } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import { countOf, formatCount } from '../../ui/format';

export function EmptyTrain(): ReactNode {
  const studio = useStudio();
  const gallery = useData((data) => data.gallery);
  const isComing = useData((data) => data.datasets.some(({ state }) => state === 'importing'));
  useEffect(() => void lookForBuiltIn(studio), [studio]);
  const fit = (gallery ?? []).filter(({ kind, missing }) => (kind === 'image' || kind === 'row') && missing === '');
  return (
    <section className="train-empty" aria-label="Nothing to learn from yet">
      <div className="empty-pictures" aria-hidden="true">
        {[cat, dahlia].map((picture) => (
          <span key={picture} className="photo">
            <img src={picture} alt="" />
          </span>
        ))}
      </div>
      <h1 className="text-18">Nothing to learn from yet</h1>
      <p className="soft train-empty-words">
        A model learns from examples: a judge to tell their classes apart, a generator to draw new ones. Begin with
        examples that come with Duet, or bring a folder of your own.
      </p>
      {isComing && (
        <p className="caption" role="status">
          A data set is coming in...
        </p>
      )}
      <Button onClick={() => goTo(studio, 'data')}>Bring my own data...</Button>
      <ul className="train-invites">
        {fit.map((entry) => (
          <li key={entry.name}>
            <Invite entry={entry} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Invite({ entry }: { entry: GalleryEntry }): ReactNode {
  const studio = useStudio();
  const [isAdding, setAdding] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { name, title, summary, samples, classes } = entry;
  const add = (): void => {
    setAdding(true);
    setFailure(null);
    addToLearnFrom(studio, name, title).catch((error: unknown) => {
      setAdding(false);
      setFailure(failureOf(error));
    });
  };
  return (
    <article className="train-invite">
      <div className="row">
        <h2 className="grow cut">{title}</h2>
        <Button
          isSmall
          icon={Plus}
          why={isAdding ? 'It is being added.' : null}
          {...(isAdding ? {} : { 'aria-label': `Learn from ${title}` })}
          onClick={add}
        >
          {isAdding ? 'Adding...' : 'Learn'}
        </Button>
      </div>
      <p className="caption">{summary}</p>
      <p className="caption num">
        {formatCount(samples)} samples{classes === 0 ? '' : ` · ${countOf(classes, 'class', 'classes')}`}
      </p>
      {failure !== null && (
        <ErrorNote
          title={`${title} was not added`}
          failure={failure}
          onCopy={(text) => void studio.bridge.copyText(text)}
          onRetry={add}
        />
      )}
    </article>
  );
}
