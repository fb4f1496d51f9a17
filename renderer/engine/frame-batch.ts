/** Work gathered into one go per animation frame, so that a burst of events costs one drawing. */

/** Runs `work` once at the next frame however often it is asked; a timer stands in while the window is hidden and has no frames. */
export function framed(work: () => void): () => void {
  let frame = 0;
  let timer = 0;
  const run = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = 0;
    work();
  };
  return () => {
    if (frame !== 0) return;
    frame = requestAnimationFrame(run);
    timer = window.setTimeout(run, 150);
  };
}
