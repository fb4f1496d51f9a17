/** What main tells the page; apart from the schemas, so that the preload stays one small file. */
export const commandMessage = 'menu.command';
export const openedMessage = 'files.opened';
export const portMessage = 'engine.port';
export const engineHealthMessage = 'engine.health';
/** The window is to be closed while jobs are at work: their titles. */
export const closeAskedMessage = 'close.asked';
/** A notice of the system was clicked: the job that it told of. */
export const openJobMessage = 'job.open';
