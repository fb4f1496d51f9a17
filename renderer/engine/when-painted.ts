/** The page's first frame comes before everything that would take the cores from it. */

/** A window that is hidden has no first frame; nobody waits for it longer than this. */
const longestMs = 1000;

/** Runs `then` once, when something of the page can be seen. */
export function whenPainted(then: () => void): void {
  let isDone = false;
  const run = (): void => {
    if (isDone) return;
    isDone = true;
    observer.disconnect();
    clearTimeout(timer);
    then();
  };
  const observer = new PerformanceObserver((list) => {
    if (list.getEntriesByName('first-contentful-paint').length > 0) run();
  });
  const timer = setTimeout(run, longestMs);
  observer.observe({ type: 'paint', buffered: true });
}
