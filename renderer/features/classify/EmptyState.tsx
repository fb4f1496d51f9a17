/** The list without pictures: one picture, one sentence, one button. */
import type { ReactNode } from 'react';
import cat from '../../../assets/samples/tabby-cat.jpg';
import kites from '../../../assets/samples/kites-at-the-beach.jpg';
import { addSamples } from '../../state/photo-actions';
import { useStudio } from '../../state/use-studio';
import { AddMenu } from './ScreenBar';

export function EmptyState({ isReady }: { isReady: boolean }): ReactNode {
  const studio = useStudio();
  if (!isReady) {
    return (
      <div className="empty" role="status">
        <p className="soft">Starting the engine and loading the models...</p>
      </div>
    );
  }
  return (
    <section className="empty" aria-label="No pictures yet">
      <div className="empty-pictures" aria-hidden="true">
        <span className="photo">
          <img src={cat} alt="" />
        </span>
        <span className="photo">
          <img src={kites} alt="" />
        </span>
      </div>
      <h2 className="text-18">No pictures yet</h2>
      <p className="soft">Drop photos or a folder here and each one gets a label, with how sure the model is.</p>
      <AddMenu isSmall={false} />
      <button type="button" className="link" onClick={() => void addSamples(studio)}>
        Show the sample photos
      </button>
    </section>
  );
}

export function NothingFound({ onClear }: { onClear: () => void }): ReactNode {
  return (
    <section className="empty" aria-label="No picture matches">
      <h2 className="text-15">No picture matches</h2>
      <p className="soft">Other words or another label may find more.</p>
      <button type="button" className="btn" onClick={onClear}>
        Show all pictures
      </button>
    </section>
  );
}
