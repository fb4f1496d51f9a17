/** The preload's object, as the page sees it. */
import type { DuetBridge } from '../../electron/contract/bridge';

declare global {
  interface Window {
    readonly duet: DuetBridge;
  }
}
