/** Closing with jobs at work: the window asks what shall become of them; with none at work it just closes. */
import { app, type BrowserWindow, powerMonitor } from 'electron';
import type { CloseAnswer } from '../contract/bridge';
import { closeAskedMessage } from '../contract/bridge-messages';
import type { EngineLink } from './engine-link';

/** Jobs that are kept may be cut off at any moment; those that were cancelled shall be found cancelled. */
const patienceMs = { keep: 3000, cancel: 8000 };

export class Closing {
  private state: 'open' | 'asking' | 'closing' = 'open';
  private jobs: 'keep' | 'cancel' = 'keep';

  constructor(private readonly running: () => readonly string[]) {}

  guard(window: BrowserWindow): void {
    window.on('close', (event) => {
      const titles = this.running();
      // Whoever closes again instead of answering gets what is safe: nothing is lost by keeping.
      if (this.state !== 'open' || titles.length === 0 || window.webContents.isCrashed()) return;
      event.preventDefault();
      this.state = 'asking';
      window.show();
      window.focus();
      window.webContents.send(closeAskedMessage, titles);
    });
    window.on('session-end', () => this.endNow());
  }

  answer(answer: CloseAnswer): void {
    if (this.state !== 'asking') return;
    this.state = answer === 'stay' ? 'open' : 'closing';
    if (answer === 'stay') return;
    this.jobs = answer === 'stop' ? 'cancel' : 'keep';
    app.quit();
  }

  /** The system shuts down or ends us in order: jobs are kept, and nobody is asked. */
  private endNow(): void {
    this.state = 'closing';
    this.jobs = 'keep';
    app.quit();
  }

  /** The engine ends its jobs and sweeps its temporary folders before the application ends, as long as that takes little time. */
  stopInOrder(engine: EngineLink): void {
    let isStopped = false;
    app.on('will-quit', (event) => {
      if (isStopped) return;
      event.preventDefault();
      const limit = new Promise((resolve) => setTimeout(resolve, patienceMs[this.jobs]));
      void Promise.race([engine.stop(this.jobs), limit]).then(() => {
        isStopped = true;
        // All windows are closed. A second quit() waited for ever in about one of ten closings a second after the start; why is not known.
        app.exit(0);
      });
    });
    powerMonitor.on('shutdown', () => this.endNow());
    process.on('SIGTERM', () => this.endNow());
  }
}
