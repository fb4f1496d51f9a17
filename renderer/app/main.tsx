/** Boot of the page: the studio is made, the engine's ports are awaited, the window is drawn. */
import '../engine/no-eval';
import '../ui/tokens.css';
import '../ui/base.css';
import '../ui/parts.css';
import '../ui/pictures.css';
import '../ui/pop-ups.css';
import '../ui/screens.css';
import '../ui/range.css';
import './frame.css';
import './floats.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createStore } from 'zustand/vanilla';
import { checkBridge } from '../engine/checked-bridge';
import { EngineLink } from '../engine/engine-link';
import { framed } from '../engine/frame-batch';
import { whenPainted } from '../engine/when-painted';
import { listenForPorts } from '../engine/port-transport';
import { openJob } from '../state/jobs-actions';
import { mirrorJobs } from '../state/jobs-sync';
import { mirrorData } from '../state/data-sync';
import { mirrorTraining } from '../state/train-sync';
import { keepList } from '../state/keep-list';
import { takeDropped } from '../state/photo-actions';
import { PhotoStore } from '../state/photo-store';
import { keepScreen } from '../state/keep-screen';
import { keepPreferences } from '../state/preferences';
import type { Studio } from '../state/studio';
import { initialState, type StudioState } from '../state/studio-state';
import { mirrorEngine, takeEngineHealth } from '../state/sync';
import { keepTheme, keepWidth } from '../state/theme';
import { StudioContext } from '../state/use-studio';
import { mirrorWorkspace } from '../state/workspace-actions';
import { App } from './App';
import { runCommand } from './commands';
import { isCommandId, listenToKeys } from './keyboard';

function makeStudio(): Studio {
  const store = createStore<StudioState>(() => initialState);
  const photos = new PhotoStore(store, framed);
  const engine = new EngineLink((client) => {
    mirrorEngine(store, photos, client);
    mirrorWorkspace(studio, client);
    mirrorJobs(studio, client, () => performance.now());
    mirrorData(studio, client);
    mirrorTraining(studio, client, framed);
  });
  const studio: Studio = { store, engine, bridge: checkBridge(window.duet) };
  return studio;
}

function start(): void {
  const studio = makeStudio();
  keepPreferences(studio.store, window.localStorage);
  keepScreen(studio.store, window.sessionStorage);
  keepTheme(studio.store, window);
  keepWidth(studio.store, window);
  keepList(studio.store, () => performance.now());
  listenToKeys(studio, window);
  listenForPorts(window, (transport) => studio.engine.attach(transport));
  studio.bridge.onCommand((id) => {
    if (isCommandId(id)) runCommand(studio, id);
  });
  studio.bridge.onEngineHealth((health) => {
    studio.engine.heard(health);
    takeEngineHealth(studio.store, health);
  });
  studio.bridge.onCloseAsked((titles) => studio.store.setState({ closing: titles }));
  studio.bridge.onOpenJob((id) => openJob(studio, id));
  studio.bridge.onOpened((dropped) => void takeDropped(studio, dropped));
  whenPainted(() => void studio.bridge.connectEngine());

  const root = document.getElementById('root');
  if (root === null) return;
  createRoot(root).render(
    <StrictMode>
      <StudioContext value={studio}>
        <App />
      </StudioContext>
    </StrictMode>,
  );
}

start();
