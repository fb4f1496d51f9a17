/** The line of the caller's code that led into this library, for error messages. */

const libraryFolders = /[/\\]models[/\\](graph|autodiff|nn|optim|lowering|tensor)[/\\](?!.*\.test\.)/;

/** `file.ts:line` of the innermost frame outside the library; empty where the engine gives no stack. */
export function callerPlace(): string {
  const frames = new Error().stack?.split('\n').slice(1) ?? [];
  const frame = frames.find((line) => !libraryFolders.test(line) && !line.includes('node:internal'));
  const place = frame === undefined ? null : /([^\s/\\(]+):(\d+):\d+\)?$/.exec(frame);
  return place ? `${place[1] ?? ''}:${place[2] ?? ''}` : '';
}
