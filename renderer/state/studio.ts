/** What every action and component gets: the store, the line to the engine, the bridge to the system. */
import type { StoreApi } from 'zustand/vanilla';
import type { DuetBridge } from '../../electron/contract/bridge';
import type { EngineLink } from '../engine/engine-link';
import type { StudioState } from './studio-state';

export interface Studio {
  readonly store: StoreApi<StudioState>;
  readonly engine: EngineLink;
  readonly bridge: DuetBridge;
}
