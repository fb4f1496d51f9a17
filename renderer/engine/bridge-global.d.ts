/** The preload's object, as the page sees it. */
import type { RawBridge } from '../../electron/contract/bridge';

declare global {
  interface Window {
    readonly duet: RawBridge;
  }
}
