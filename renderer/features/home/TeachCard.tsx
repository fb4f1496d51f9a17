/** Teach your own: a folder with one sub-folder for each class. */
import { Folder, FolderOpen } from 'lucide-react';
import type { ReactNode } from 'react';
import cat from '../../../assets/samples/tabby-cat.jpg';
import dahlia from '../../../assets/samples/dahlia.jpg';
import horses from '../../../assets/samples/horses-on-the-plain.jpg';
import { chooseData } from '../../state/data-import';
import { loadGallery } from '../../state/data-load';
import { useStudio } from '../../state/use-studio';
import { goTo } from '../../state/view-actions';
import { Button } from '../../ui/Button';
import { HomeCard } from './HomeCard';

const folders = [
  { name: 'horse', picture: horses },
  { name: 'flower', picture: dahlia },
  { name: 'cat', picture: cat },
] as const;

export function TeachCard(): ReactNode {
  const studio = useStudio();
  return (
    <HomeCard
      step={3}
      voice="slate"
      title="Teach your own"
      tag={null}
      picture={
        <div className="home-folders" aria-hidden="true">
          {folders.map(({ name, picture }) => (
            <span key={name} className="stack home-folder">
              <span className="home-stack">
                <img src={picture} alt="" />
              </span>
              <span className="row caption">
                <Folder size={14} />
                {name}
              </span>
            </span>
          ))}
        </div>
      }
      text="Drop a folder with one sub-folder for each class anywhere in the window. Ten pictures a class will do."
      actions={
        <>
          <Button tone="ink" icon={FolderOpen} onClick={() => void chooseData(studio, 'dataFolder')}>
            Choose a folder
          </Button>
          <Button
            tone="quiet"
            onClick={() => {
              goTo(studio, 'data');
              void loadGallery(studio);
            }}
          >
            Or a built-in set
          </Button>
        </>
      }
    />
  );
}
