/** The import of a data set: what was recognised, how it comes in, and a door out at every moment. */
import './data-import.css';
import { FolderOpen, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { chooseData, closeDataImport, openData } from '../../state/data-import';
import type { DataImport } from '../../state/data-state';
import { useData } from '../../state/use-data';
import { useStudio } from '../../state/use-studio';
import { Button, IconButton } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import { Progress } from '../../ui/parts';
import { ImportFound } from './ImportFound';

export function DataImportSheet(): ReactNode {
  const studio = useStudio();
  const imported = useData((data) => data.imported);
  if (imported === null) return null;
  const { into, name } = imported;
  return (
    <section className="side-sheet" role="dialog" aria-label="Import data">
      <header className="row side-sheet-head">
        <h2 className="text-15 cut grow">{into === null ? `Import ${name}` : `Add ${name} to ${into.title}`}</h2>
        <IconButton icon={X} label="Discard the import" onClick={() => closeDataImport(studio)} />
      </header>
      <Content imported={imported} />
    </section>
  );
}

function Content({ imported }: { imported: DataImport }): ReactNode {
  switch (imported.stage) {
    case 'looking':
      return <Looking imported={imported} />;
    case 'refused':
      return <Refused imported={imported} />;
    case 'found':
      return <ImportFound key={imported.proposal} imported={imported} />;
  }
}

function Looking({ imported }: { imported: Extract<DataImport, { stage: 'looking' }> }): ReactNode {
  return (
    <div className="side-sheet-body stack stack-8" role="status">
      <p>Looking into {imported.name}...</p>
      <Progress value={imported.fraction} label="Looked at" />
      <p className="soft">Nothing is copied yet, and your files stay as they are.</p>
      <div>
        <Button onClick={imported.cancel}>Cancel</Button>
      </div>
    </div>
  );
}

function Refused({ imported }: { imported: Extract<DataImport, { stage: 'refused' }> }): ReactNode {
  const studio = useStudio();
  const { name, failure, dropped, into } = imported;
  return (
    <div className="side-sheet-body">
      <ErrorNote
        title={`${name} was not imported`}
        failure={failure}
        onCopy={(text) => void studio.bridge.copyText(text)}
        onRetry={() => void openData(studio, dropped, { isAdding: into !== null })}
      >
        <Button isSmall icon={FolderOpen} onClick={() => void chooseData(studio, 'dataFolder', into !== null)}>
          Choose another
        </Button>
      </ErrorNote>
    </div>
  );
}
