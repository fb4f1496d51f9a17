/** The frame: rail, top bar, one screen, job strip; panels and notices float above it. */
import { Tooltip } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { ClassifyScreen } from '../features/classify/ClassifyScreen';
import { DataImportSheet } from '../features/data/DataImportSheet';
import { DataScreen } from '../features/data/DataScreen';
import { HomeScreen } from '../features/home/HomeScreen';
import { ImportSheet } from '../features/models/ImportSheet';
import { ModelsScreen } from '../features/models/ModelsScreen';
import { TrainScreen } from '../features/train/TrainScreen';
import { useStudioState } from '../state/use-studio';
import { FloatsContext } from '../ui/floats';
import { ClosingSheet } from './ClosingSheet';
import { DropLayer } from './DropLayer';
import { JobsPanel } from './jobs/JobsPanel';
import { JobStrip } from './jobs/JobStrip';
import { AboutSheet, ShortcutsSheet } from './Sheets';
import { Palette } from './Palette';
import { Rail } from './Rail';
import { Toasts } from './Toasts';
import { TopBar } from './TopBar';

const screenNames = {
  home: 'Home',
  data: 'Data',
  train: 'Train',
  classify: 'Classify',
  models: 'Models',
} as const;

export function App(): ReactNode {
  const screen = useStudioState((state) => state.screen);
  const overlay = useStudioState((state) => state.overlay);
  const [floats, setFloats] = useState<HTMLElement | null>(null);
  return (
    <FloatsContext value={floats}>
      <Tooltip.Provider delayDuration={500} skipDelayDuration={200}>
        <DropLayer>
          <div className="frame">
            <Rail />
            <TopBar />
            <main ref={setFloats} className="main" aria-label={screenNames[screen]}>
              {screen === 'home' && <HomeScreen />}
              {screen === 'data' && <DataScreen />}
              {screen === 'train' && <TrainScreen />}
              {screen === 'classify' && <ClassifyScreen />}
              {screen === 'models' && <ModelsScreen />}
              <ImportSheet />
              <DataImportSheet />
              <JobsPanel />
            </main>
            <JobStrip />
          </div>
          <Toasts />
          <ClosingSheet />
          {overlay === 'palette' && <Palette />}
          {overlay === 'shortcuts' && <ShortcutsSheet />}
          {overlay === 'about' && <AboutSheet />}
        </DropLayer>
      </Tooltip.Provider>
    </FloatsContext>
  );
}
