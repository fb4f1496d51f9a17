/** The import of a foreign model: what the check found, how pictures are prepared, and what it then says of sample photos. */
import './models.css';
import { FolderOpen, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { chooseModelFile, closeImport, openModelFile } from '../../state/import-actions';
import type { ImportStage } from '../../state/studio-state';
import { useStudio, useStudioState } from '../../state/use-studio';
import { Button, IconButton } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import { Progress } from '../../ui/parts';
import { ProposalForm } from './ProposalForm';

export function ImportSheet(): ReactNode {
  const studio = useStudio();
  const imported = useStudioState((state) => state.imported);
  if (imported === null) return null;
  return (
    <section className="import" role="dialog" aria-label="Import a model">
      <header className="row import-head">
        <h2 className="text-15 cut grow">Import {imported.file.name}</h2>
        <IconButton icon={X} label="Discard the import" onClick={() => closeImport(studio)} />
      </header>
      <Content imported={imported} />
    </section>
  );
}

function Content({ imported }: { imported: ImportStage }): ReactNode {
  switch (imported.stage) {
    case 'checking':
      return <Checking imported={imported} />;
    case 'refused':
      return <Refused imported={imported} />;
    case 'found':
      return <ProposalForm key={imported.proposal.id} imported={imported} />;
  }
}

function Checking({ imported }: { imported: Extract<ImportStage, { stage: 'checking' }> }): ReactNode {
  return (
    <div className="stack stack-8 import-body" role="status">
      <p>Checking {imported.file.name}...</p>
      <Progress value={imported.fraction} label="Model checked" />
      <p className="soft">
        Its structure is read without trusting it, then it runs once in a process of its own that is thrown away.
      </p>
      <div>
        <Button onClick={imported.cancel}>Cancel</Button>
      </div>
    </div>
  );
}

function Refused({ imported }: { imported: Extract<ImportStage, { stage: 'refused' }> }): ReactNode {
  const studio = useStudio();
  const { file, failure } = imported;
  return (
    <div className="import-body">
      <ErrorNote
        title={`${file.name} was not imported`}
        failure={failure}
        onCopy={(text) => void studio.bridge.copyText(text)}
        onRetry={() => void openModelFile(studio, file)}
      >
        <Button isSmall icon={FolderOpen} onClick={() => void chooseModelFile(studio)}>
          Choose another
        </Button>
      </ErrorNote>
    </div>
  );
}
