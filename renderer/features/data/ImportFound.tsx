/** What was recognised, beside how it comes in: each choice is here before anything is copied. */
import { ChevronDown, TriangleAlert } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import type { Failure } from '../../../electron/contract/errors';
import {
  defaultSplitPlan,
  type Inspection,
  type ReaderName,
  type ReadOptions,
} from '../../../electron/contract/samples';
import { closeDataImport, importData, readAs } from '../../state/data-import';
import { type DataImport, nounOf } from '../../state/data-state';
import { failureOf } from '../../state/messages';
import { useStudio } from '../../state/use-studio';
import { Button } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import { countOf, formatBytes, formatCount } from '../../ui/format';
import { Menu, MenuChoice } from '../../ui/Menu';
import { ImportOptions } from './ImportOptions';
import { ImportPreview } from './ImportPreview';
import { SplitFields } from './SplitFields';

type Found = Extract<DataImport, { stage: 'found' }>;

export function ImportFound({ imported }: { imported: Found }): ReactNode {
  const studio = useStudio();
  const { inspection, freeBytes, into } = imported;
  const [title, setTitle] = useState(imported.title);
  const [options, setOptions] = useState<ReadOptions>(inspection.options);
  const [splits, setSplits] = useState({
    ...defaultSplitPlan,
    method: inspection.hasGivenSplit ? ('given' as const) : ('stratified' as const),
  });
  const [isStarting, setStarting] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const needed = neededBytes(inspection, options);
  const start = (): void => {
    setStarting(true);
    setFailure(null);
    importData(studio, { title: title.trim(), options, splits }).catch((error: unknown) => {
      setStarting(false);
      setFailure(failureOf(error));
    });
  };
  return (
    <>
      <div className="import-data">
        <div className="side-sheet-body" tabIndex={0} role="group" aria-label="How it comes in">
          <FoundFacts imported={imported} />
          {into === null && <TitleField title={title} onChange={setTitle} />}
          <ImportOptions inspection={inspection} options={options} onChange={setOptions} />
          {into === null && (
            <section aria-label="Splits" className="stack stack-8">
              <h3>Training, validation and test</h3>
              <SplitFields plan={splits} canBeGiven={inspection.hasGivenSplit} onChange={setSplits} />
            </section>
          )}
          {failure !== null && (
            <ErrorNote
              title="The import did not begin"
              failure={failure}
              onCopy={(text) => void studio.bridge.copyText(text)}
              onRetry={start}
            />
          )}
        </div>
        <ImportPreview inspection={inspection} />
      </div>
      <footer className="row side-sheet-foot">
        <Space needed={needed} free={freeBytes} />
        <Button tone="quiet" onClick={() => closeDataImport(studio)}>
          Discard
        </Button>
        <Button tone="ink" why={whyNot({ isStarting, title, needed, free: freeBytes })} onClick={start}>
          {isStarting ? 'Starting...' : `Import ${inspection.isCountExact ? formatCount(inspection.samples) : ''}`}
        </Button>
      </footer>
    </>
  );
}

interface Doubts {
  isStarting: boolean;
  title: string;
  needed: number;
  free: number;
}

function whyNot({ isStarting, title, needed, free }: Doubts): string | null {
  if (isStarting) return 'It is being started.';
  if (title.trim() === '') return 'It needs a name.';
  return needed > free ? 'There is not enough space on the disk of the workspace.' : null;
}

/** The inspection counted the space with its own size of pictures; another size takes another amount. */
function neededBytes(inspection: Inspection, options: ReadOptions): number {
  const before = inspection.options.image;
  const now = options.image;
  if (before === undefined || now === undefined) return inspection.packBytes;
  const volume = (image: typeof now): number => image.width * image.height * image.channels;
  return (inspection.packBytes * volume(now)) / Math.max(1, volume(before));
}

function Space({ needed, free }: { needed: number; free: number }): ReactNode {
  const isShort = needed > free;
  return (
    <span className={`row row-4 grow num ${isShort ? 'danger' : 'caption'}`} role={isShort ? 'alert' : undefined}>
      {isShort && <TriangleAlert size={16} aria-hidden="true" />}
      About {formatBytes(needed)} needed, {formatBytes(free)} free
    </span>
  );
}

const readerWords: Readonly<Record<ReaderName, string>> = {
  files: 'picture files',
  idx: 'IDX, as MNIST comes',
  csv: 'a table (CSV, TSV)',
  parquet: 'Parquet',
  jsonl: 'JSON lines',
  text: 'plain text',
  smiles: 'SMILES, one a line',
  wav: 'WAV sounds',
  midi: 'MIDI music',
};
/** Which sources can be read in more than one way. */
const otherReaders: Readonly<Partial<Record<ReaderName, readonly ReaderName[]>>> = {
  csv: ['csv', 'text', 'smiles'],
  text: ['text', 'smiles', 'csv'],
  smiles: ['smiles', 'text', 'csv'],
  jsonl: ['jsonl', 'text'],
};

function FoundFacts({ imported }: { imported: Found }): ReactNode {
  const { inspection } = imported;
  const { kind, reader, samples, isCountExact, classes, sizes, notes } = inspection;
  const [one, many] = nounOf(kind);
  return (
    <section aria-label="What was found">
      <p className="text-18 num">
        {isCountExact ? '' : 'about '}
        {countOf(samples, one, many)}
        {classes.length > 0 && ` in ${countOf(classes.length, 'class', 'classes')}`}
      </p>
      <div className="row soft import-reader">
        <span>Read as</span>
        <ReaderChoice reader={reader} />
        {sizes !== null && (
          <span className="num">
            {sizes.areAllEqual ? `all ${sizes.largest}` : `${sizes.smallest} to ${sizes.largest}`}
            {sizes.areGrey ? ', grey' : ', colour'}
          </span>
        )}
      </div>
      <ClassCounts classes={classes} />
      {notes.length > 0 && (
        <ul className="import-notes">
          {notes.map((note) => (
            <li key={note} className="row">
              <TriangleAlert className="import-note-sign" size={16} aria-hidden="true" />
              <span className="grow selectable">{note}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function ReaderChoice({ reader }: { reader: ReaderName }): ReactNode {
  const studio = useStudio();
  const others = otherReaders[reader];
  if (others === undefined) return <span className="strong">{readerWords[reader]}</span>;
  const trigger = (
    <button type="button" className="pick" aria-label={`Read as ${readerWords[reader]}`}>
      <span className="cut">{readerWords[reader]}</span>
      <ChevronDown size={14} aria-hidden="true" />
    </button>
  );
  return (
    <Menu label="Read as" trigger={trigger}>
      <MenuChoice
        value={reader}
        items={others.map((value) => ({ value, label: readerWords[value] }))}
        onChange={(value) => void readAs(studio, value)}
      />
    </Menu>
  );
}

const shownClasses = 8;

function ClassCounts({ classes }: { classes: Inspection['classes'] }): ReactNode {
  const most = Math.max(1, ...classes.map((one) => one.count));
  if (classes.length === 0) return <p className="caption">No labels were found; they can be given afterwards.</p>;
  return (
    <ul className="import-classes" aria-label="Classes found" tabIndex={classes.length > shownClasses ? 0 : undefined}>
      {classes.slice(0, 300).map(({ name, count }) => (
        <li key={name} className="import-class">
          <span className="cut">{name}</span>
          <span className="import-bar">
            <span className="bar-part bar-train" style={{ width: `${(count / most) * 100}%` }} />
          </span>
          <span className="num soft">{formatCount(count)}</span>
        </li>
      ))}
    </ul>
  );
}

function TitleField({ title, onChange }: { title: string; onChange: (title: string) => void }): ReactNode {
  const id = useId();
  const isRight = title.trim() !== '';
  return (
    <section aria-label="Name" className="row import-line">
      <label className="soft" htmlFor={id}>
        Name
      </label>
      <span className="field grow" data-wrong={!isRight}>
        <input
          id={id}
          maxLength={200}
          value={title}
          aria-invalid={!isRight}
          onChange={(event) => onChange(event.target.value)}
        />
      </span>
    </section>
  );
}
