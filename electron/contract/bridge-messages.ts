/** What main tells the page; apart from the schemas, so that the preload stays one small file. */
export const commandMessage = 'menu.command';
export const openedMessage = 'files.opened';
export const portMessage = 'engine.port';
export const engineHealthMessage = 'engine.health';
