/** The bar of the screen: which models judge, how pictures are shown, what goes out and what comes in. */
import {
  ChevronDown,
  Download,
  FolderInput,
  Folder,
  Image,
  Images,
  LayoutGrid,
  List,
  PanelRight,
  Plus,
  Table,
  X,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { ModelEntry } from '../../../electron/contract/models';
import { exportFolders, exportTable } from '../../state/export-actions';
import { chooseModelFile, selectModels } from '../../state/import-actions';
import { addSamples, openPictures } from '../../state/photo-actions';
import { useStudio, useStudioState } from '../../state/use-studio';
import { goTo, isInspectorShown, showInspector } from '../../state/view-actions';
import { Button, IconButton } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { judgesOf } from '../../state/judges';
import { countOf } from '../../ui/format';
import { Menu, MenuChoice, MenuItem, MenuRule } from '../../ui/Menu';
import { Mark } from '../../ui/parts';

export function ScreenBar(): ReactNode {
  const studio = useStudio();
  const selected = useStudioState((state) => state.selected);
  const models = judgesOf(useStudioState((state) => state.models));
  const other = models.find((model) => !selected.includes(model.id));
  const [first] = selected;
  return (
    <div className="bar">
      <h1 className="text-15 bar-name">Classify</h1>
      {selected.map((id, place) => (
        <ModelPicker key={place} place={place} id={id} />
      ))}
      {selected.length === 1 && other !== undefined && first !== undefined && (
        <IconButton
          icon={Plus}
          label="Compare with a second model"
          onClick={() => void selectModels(studio, [first, other.id])}
        />
      )}
      <div className="row push bar-end">
        <ShowChoices />
        <InspectorButton />
        <ExportMenu />
        <AddMenu />
      </div>
    </div>
  );
}

function ModelPicker({ place, id }: { place: number; id: string }): ReactNode {
  const studio = useStudio();
  const models = judgesOf(useStudioState((state) => state.models));
  const selected = useStudioState((state) => state.selected);
  const choose = (chosen: string): void => {
    const next = selected.map((one, at) => (at === place ? chosen : one === chosen ? id : one));
    if (next.join() !== selected.join()) void selectModels(studio, next);
  };
  const items = models.map((model) => ({ value: model.id, label: model.id, note: noteOf(model) }));
  const label = place === 0 ? 'Model' : 'Second model';
  const rest = selected.filter((_, at) => at !== place);
  const trigger = (
    <button type="button" className="pick" aria-label={`${label}: ${id}`}>
      <Mark voice="real" />
      <span className="cut">{id}</span>
      <ChevronDown size={14} aria-hidden="true" />
    </button>
  );
  return (
    <Menu label={label} trigger={trigger}>
      <MenuChoice value={id} items={items} onChange={choose} />
      <MenuRule />
      {rest.length > 0 && (
        <MenuItem icon={X} onSelect={() => void selectModels(studio, rest)}>
          Judge without {id}
        </MenuItem>
      )}
      <MenuItem
        onSelect={() => {
          studio.store.setState({ shownModel: id });
          goTo(studio, 'models');
        }}
      >
        What {id} is and can do
      </MenuItem>
      <MenuItem onSelect={() => void chooseModelFile(studio)}>Import a model...</MenuItem>
    </Menu>
  );
}

function noteOf(model: ModelEntry): string {
  const classes = countOf(model.classes, 'class', 'classes');
  return model.task === 'detect' ? `${classes}, with boxes` : classes;
}

function ShowChoices(): ReactNode {
  const studio = useStudio();
  const showsBoxes = useStudioState((state) => state.showsBoxes);
  const layout = useStudioState((state) => state.layout);
  return (
    <>
      <Choice
        label="Drawn on pictures"
        value={showsBoxes ? 'boxes' : 'off'}
        items={[
          { value: 'boxes', label: 'Boxes' },
          { value: 'off', label: 'Off' },
        ]}
        onChange={(value) => studio.store.setState({ showsBoxes: value === 'boxes' })}
      />
      <Choice
        label="Show as"
        value={layout}
        items={[
          { value: 'grid', label: 'Grid', icon: LayoutGrid, keys: 'Ctrl 1' },
          { value: 'list', label: 'List', icon: List, keys: 'Ctrl 2' },
        ]}
        onChange={(value) => studio.store.setState({ layout: value })}
      />
    </>
  );
}

/** Only while the inspector is not there; it closes itself. */
export function InspectorButton(): ReactNode {
  const studio = useStudio();
  const isShown = useStudioState(isInspectorShown);
  if (isShown) return null;
  return (
    <IconButton
      icon={PanelRight}
      label="Open the inspector"
      keys="Ctrl I"
      onClick={() => showInspector(studio, true)}
    />
  );
}

function ExportMenu(): ReactNode {
  const studio = useStudio();
  const counts = useStudioState((state) => state.list.counts);
  const isEmpty = counts.sure + counts.unsure + counts.corrected === 0;
  const why = isEmpty ? 'No picture has been judged yet' : null;
  const trigger = (
    <button type="button" className="btn btn-s btn-quiet btn-icon" aria-label="Export" title="Export">
      <Download size={16} aria-hidden="true" />
    </button>
  );
  return (
    <Menu label="Export" trigger={trigger} align="end">
      <div className="menu-head">Verdicts as shown, with this threshold</div>
      <MenuItem icon={Table} keys="Ctrl E" why={why} onSelect={() => void exportTable(studio, 'csv')}>
        CSV table...
      </MenuItem>
      <MenuItem icon={Table} why={why} onSelect={() => void exportTable(studio, 'jsonl')}>
        JSON lines...
      </MenuItem>
      <MenuItem icon={Table} why={why} onSelect={() => void exportTable(studio, 'parquet')}>
        Parquet...
      </MenuItem>
      <MenuRule />
      <MenuItem icon={FolderInput} why={why} onSelect={() => void exportFolders(studio)}>
        Copies in label folders...
      </MenuItem>
    </Menu>
  );
}

export function AddMenu({ isSmall = true }: { isSmall?: boolean }): ReactNode {
  const studio = useStudio();
  const trigger = (
    <Button tone="real" isSmall={isSmall} icon={Image}>
      Add pictures
    </Button>
  );
  return (
    <Menu label="Add pictures" trigger={trigger} align="end">
      <MenuItem icon={Image} keys="Ctrl O" onSelect={() => void openPictures(studio, 'pictures')}>
        Pictures...
      </MenuItem>
      <MenuItem icon={Folder} keys="Ctrl Shift O" onSelect={() => void openPictures(studio, 'folder')}>
        A folder, with what is inside...
      </MenuItem>
      <MenuItem icon={Images} onSelect={() => void addSamples(studio)}>
        The sample photos
      </MenuItem>
      <MenuRule />
      <div className="menu-head">Or drop them on the window, or paste with Ctrl V</div>
    </Menu>
  );
}
