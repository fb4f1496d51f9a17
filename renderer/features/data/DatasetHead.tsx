/** The head of a data set: its name, how much is in it, its revision, and what can be done with the whole of it. */
import {
  BadgeCheck,
  Copy,
  Ellipsis,
  FileArchive,
  FolderOutput,
  GraduationCap,
  ImagePlus,
  Info,
  Pencil,
  Plus,
  ScanSearch,
  Table,
  Tags,
  Trash2,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { DatasetDetail } from '../../../electron/contract/datasets';
import { checkDataset, exportDataset, removeDataset, renameDataset, sealDataset } from '../../state/data-actions';
import { chooseData } from '../../state/data-import';
import { startLabelling } from '../../state/data-labelling';
import { nounOf } from '../../state/data-state';
import { teachWith } from '../../state/train-actions';
import { canTeach } from '../../state/train-load';
import { useStudio } from '../../state/use-studio';
import { Button, IconButton } from '../../ui/Button';
import { countOf, formatBytes, formatCount } from '../../ui/format';
import { Menu, MenuItem, MenuRule, Pop } from '../../ui/Menu';
import { AboutDataset } from './AboutDataset';
import { ListButton } from './ListButton';

export function DatasetHead({ detail }: { detail: DatasetDetail }): ReactNode {
  const studio = useStudio();
  const [isNaming, setNaming] = useState(false);
  const { entry } = detail;
  const [one, many] = nounOf(entry.kind);
  const open = detail.unlabelled.train + detail.unlabelled.validation + detail.unlabelled.test;
  const classes = entry.classes === 0 ? 'no classes' : countOf(entry.classes, 'class', 'classes');
  return (
    <header className="bar data-head">
      <ListButton />
      {isNaming ? (
        <TitleField
          title={entry.title}
          onDone={(title) => {
            setNaming(false);
            if (title !== null && title !== entry.title) void renameDataset(studio, entry.id, title);
          }}
        />
      ) : (
        <h2 className="text-15 cut data-title">
          <button type="button" title="Rename" onClick={() => setNaming(true)}>
            {entry.title}
          </button>
        </h2>
      )}
      <span className="soft num cut data-counts">
        {countOf(entry.samples, one, many)} · {classes} · {formatBytes(entry.bytes)}
      </span>
      <Revision hash={detail.revision} />
      <div className="row push bar-end">
        <Pop label="About this data set" trigger={<IconButton icon={Info} label="About this data set" />}>
          <AboutDataset detail={detail} />
        </Pop>
        <HeadMenu detail={detail} onRename={() => setNaming(true)} />
        <AddButton detail={detail} />
        {open > 0 && (entry.kind === 'image' || entry.classes > 0) && (
          <Button isSmall tone="ink" icon={Tags} onClick={() => void startLabelling(studio)}>
            Label {formatCount(open)}
          </Button>
        )}
        {open === 0 && canTeach(entry) && entry.classes > 1 && (
          <Button isSmall tone="ink" icon={GraduationCap} onClick={() => teachWith(studio, entry.id, 'judge')}>
            Teach a judge
          </Button>
        )}
      </div>
    </header>
  );
}

function TitleField({ title, onDone }: { title: string; onDone: (title: string | null) => void }): ReactNode {
  const [text, setText] = useState(title);
  const done = (): void => onDone(text.trim() === '' ? null : text.trim());
  return (
    <span className="field field-s data-title-field">
      <input
        autoFocus
        aria-label="Name of the data set"
        maxLength={200}
        value={text}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setText(event.target.value)}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === 'Enter') done();
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onDone(null);
        }}
      />
    </span>
  );
}

function Revision({ hash }: { hash: string }): ReactNode {
  const studio = useStudio();
  const short = hash.slice(0, 8);
  return (
    <span
      className="row row-4 caption data-revision"
      title="Equal contents, labels, splits and exclusions: equal revision"
    >
      {short}
      <IconButton icon={Copy} label="Copy the revision" onClick={() => void studio.bridge.copyText(hash)} />
    </span>
  );
}

function AddButton({ detail }: { detail: DatasetDetail }): ReactNode {
  const studio = useStudio();
  const [, many] = nounOf(detail.entry.kind);
  const trigger = (
    <Button isSmall icon={detail.entry.kind === 'image' ? ImagePlus : Plus}>
      Add {many}
    </Button>
  );
  return (
    <Menu label={`Add ${many}`} trigger={trigger} align="end">
      <MenuItem onSelect={() => void chooseData(studio, 'data', true)}>Files or an archive...</MenuItem>
      <MenuItem onSelect={() => void chooseData(studio, 'dataFolder', true)}>A folder...</MenuItem>
    </Menu>
  );
}

function HeadMenu({ detail, onRename }: { detail: DatasetDetail; onRename: () => void }): ReactNode {
  const studio = useStudio();
  const isImages = detail.entry.kind === 'image';
  const why = isImages ? null : 'Only pictures can be written as files.';
  return (
    <Menu label="Data set" trigger={<IconButton icon={Ellipsis} label="More for this data set" />} align="end">
      <MenuItem icon={Pencil} onSelect={onRename}>
        Rename
      </MenuItem>
      <MenuItem
        icon={GraduationCap}
        why={canTeach(detail.entry) ? null : 'Only pictures and rows of numbers can be learned from yet.'}
        onSelect={() => teachWith(studio, detail.entry.id, 'generator')}
      >
        Teach a generator
      </MenuItem>
      <MenuItem icon={Tags} onSelect={() => void startLabelling(studio)}>
        Give labels by key
      </MenuItem>
      <MenuItem icon={ScanSearch} onSelect={() => void checkDataset(studio)}>
        Check again
      </MenuItem>
      <MenuItem icon={BadgeCheck} onSelect={() => void sealDataset(studio)}>
        Seal this revision
      </MenuItem>
      <MenuRule />
      <div className="menu-head">Export what is shown</div>
      <MenuItem icon={FolderOutput} why={why} onSelect={() => void exportDataset(studio, 'folders')}>
        One folder for each class...
      </MenuItem>
      <MenuItem icon={FileArchive} why={why} onSelect={() => void exportDataset(studio, 'zip')}>
        A zip of these folders...
      </MenuItem>
      <MenuItem icon={Table} onSelect={() => void exportDataset(studio, 'csv')}>
        CSV table...
      </MenuItem>
      <MenuItem icon={Table} onSelect={() => void exportDataset(studio, 'parquet')}>
        Parquet...
      </MenuItem>
      <MenuRule />
      <MenuItem icon={Trash2} onSelect={() => void removeDataset(studio, detail.entry.id)}>
        Remove
      </MenuItem>
    </Menu>
  );
}
