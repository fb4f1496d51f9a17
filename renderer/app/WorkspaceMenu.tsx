/** The workspace at the top: its name, where it lies and how it fares; the other ones, and its upkeep. */
import {
  ArchiveRestore,
  ChevronDown,
  Copy,
  FolderOpen,
  FolderPlus,
  FolderSymlink,
  type LucideIcon,
  ShieldCheck,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { CommandId, WorkspacePlace } from '../../electron/contract/bridge';
import type { WorkspaceFinding, WorkspaceInfo } from '../../electron/contract/workspace';
import { useStudio, useStudioState } from '../state/use-studio';
import { copyWorkspacePath, openWorkspace, revealWorkspace, showWorkspaceMenu } from '../state/workspace-actions';
import { Button, IconButton } from '../ui/Button';
import { failureText } from '../ui/ErrorNote';
import { countOf, formatBytes } from '../ui/format';
import { Pop } from '../ui/Menu';
import { Mark, Tag } from '../ui/parts';
import { commands, runCommand } from './commands';
import './workspace-menu.css';

export function WorkspaceMenu(): ReactNode {
  const studio = useStudio();
  const { info, isMenuOpen, isChanging } = useStudioState((state) => state.workspace);
  // The name is known to the engine before the workspace's own answer is there.
  const name = useStudioState((state) => state.workspace.info?.name ?? state.info?.workspace ?? '');
  if (name === '') return <span className="workspace" />;
  const trigger = (
    <button type="button" className="workspace-open" aria-label={`Workspace ${name}`}>
      <span className="strong cut">{isChanging ? 'Opening another workspace...' : name}</span>
      <ChevronDown size={16} aria-hidden="true" />
      {info?.mode === 'read-only' && <Tag voice="warn">read-only</Tag>}
    </button>
  );
  return (
    <span className="workspace">
      <Pop
        label="Workspace"
        trigger={trigger}
        align="start"
        isRead
        isOpen={isMenuOpen}
        onOpenChange={(isOpen) => showWorkspaceMenu(studio, isOpen)}
      >
        <div className="workspace-menu">
          {info !== null && <Facts info={info} />}
          <Recent />
          <div className="menu-rule" />
          <Item id="workspace.open" icon={FolderOpen} />
          <Item id="workspace.create" icon={FolderPlus} />
          <div className="menu-rule" />
          <Item id="workspace.verify" icon={ShieldCheck} />
          <Item id="workspace.backup" icon={ArchiveRestore} />
        </div>
      </Pop>
    </span>
  );
}

function Facts({ info }: { info: WorkspaceInfo }): ReactNode {
  const studio = useStudio();
  const space = useStudioState((state) => state.workspace.space);
  return (
    <div className="workspace-facts">
      <h2 className="text-15 cut">{info.name}</h2>
      <div className="row row-4">
        <span className="caption selectable workspace-path grow">{info.path}</span>
        <IconButton icon={Copy} label="Copy the path" onClick={() => copyWorkspacePath(studio)} />
        <IconButton icon={FolderSymlink} label="Show the folder" onClick={() => revealWorkspace(studio)} />
      </div>
      <p className="caption num">
        {space === null
          ? 'Measuring the space...'
          : `${formatBytes(space.usedBytes)} used, ${formatBytes(space.freeBytes)} free on this disk`}
      </p>
      {info.mode === 'read-only' && (
        <p className="row workspace-note">
          <Mark voice="warn" />
          <span>Read-only. {info.reason}</span>
        </p>
      )}
      {info.findings.length > 0 && <Findings findings={info.findings} />}
    </div>
  );
}

const shownFindings = 3;

function Findings({ findings }: { findings: readonly WorkspaceFinding[] }): ReactNode {
  const studio = useStudio();
  const text = findings.map(({ file, failure }) => failureText(file, failure)).join('\n\n');
  return (
    <div className="workspace-note">
      <div className="row">
        <Mark voice="warn" />
        <span className="strong grow">{countOf(findings.length, 'thing')} to look at</span>
        <Button isSmall tone="quiet" icon={Copy} onClick={() => void studio.bridge.copyText(text)}>
          Copy details
        </Button>
      </div>
      <ul>
        {findings.slice(0, shownFindings).map(({ file, failure }) => (
          <li key={`${file} ${failure.code}`} className="caption selectable">
            {failure.message}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Recent(): ReactNode {
  const places = useStudioState((state) => state.workspace.places);
  const others = places.filter((place) => !place.isOpen);
  if (others.length === 0) return null;
  return (
    <>
      <div className="menu-rule" />
      <h3 className="menu-head">Recent</h3>
      <ul className="workspace-recent">
        {others.map((place) => (
          <li key={place.id}>
            <OtherPlace place={place} />
          </li>
        ))}
      </ul>
    </>
  );
}

function OtherPlace({ place }: { place: WorkspacePlace }): ReactNode {
  const studio = useStudio();
  const { id, name, path, isThere } = place;
  return (
    <button
      type="button"
      className="menu-item workspace-place"
      aria-disabled={!isThere || undefined}
      onClick={() => (isThere ? void openWorkspace(studio, id) : undefined)}
    >
      <span className="cut">{name}</span>
      <span className="caption cut">{isThere ? path : `not there: ${path}`}</span>
    </button>
  );
}

function Item({ id, icon: Icon }: { id: CommandId; icon: LucideIcon }): ReactNode {
  const studio = useStudio();
  const why = useStudioState((state) => commands[id].whyNot(state));
  return (
    <button
      type="button"
      className="menu-item workspace-item"
      aria-disabled={why !== null || undefined}
      title={why ?? undefined}
      onClick={() => runCommand(studio, id)}
    >
      <Icon size={16} aria-hidden="true" />
      {commands[id].title}
    </button>
  );
}
