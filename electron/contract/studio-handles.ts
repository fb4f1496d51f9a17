/** Handles: the names by which the page speaks of files whose paths it must not know. */
import * as z from 'zod';

/** A handle stands for a path that the page never sees; main or the command line made it from a drop or a dialog. */
export const handleSchema = z.string().regex(/^h[0-9a-z]{1,40}$/);
