/** No data sets yet: one picture, one sentence, one button, and what comes with Duet. */
import { FolderPlus } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import cat from '../../../assets/samples/tabby-cat.jpg';
import dahlia from '../../../assets/samples/dahlia.jpg';
import dog from '../../../assets/samples/dog-bicycle-truck.jpg';
import horses from '../../../assets/samples/horses-on-the-plain.jpg';
import { chooseData } from '../../state/data-import';
import { loadGallery, setData } from '../../state/data-load';
import { useStudio } from '../../state/use-studio';
import { Button } from '../../ui/Button';
import { GalleryList } from './GallerySheet';

export function EmptyData(): ReactNode {
  const studio = useStudio();
  useEffect(() => {
    void loadGallery(studio).then(() => setData(studio, { isGalleryOpen: false }));
    setData(studio, { isGalleryOpen: false });
  }, [studio]);
  return (
    <div className="data-start">
      <section className="data-start-head" aria-label="No data sets yet">
        <div className="data-start-pictures" aria-hidden="true">
          {[cat, dahlia, dog, horses].map((picture) => (
            <span key={picture} className="photo">
              <img src={picture} alt="" />
            </span>
          ))}
        </div>
        <div className="stack stack-8 data-start-words">
          <h1 className="text-18">No data sets yet</h1>
          <p className="soft">
            Drop a folder with one folder of pictures for each class, an archive of it, or a table. Duet shows what is
            in it, and what is wrong with it, before anything is copied.
          </p>
          <div className="row wrap">
            <Button tone="ink" icon={FolderPlus} onClick={() => void chooseData(studio, 'dataFolder')}>
              Import a folder
            </Button>
            <Button onClick={() => void chooseData(studio, 'data')}>Files or an archive...</Button>
          </div>
        </div>
      </section>
      <section className="data-start-gallery" aria-label="Built-in data sets">
        <h2>Or begin with one that comes with Duet</h2>
        <GalleryList />
      </section>
    </div>
  );
}
