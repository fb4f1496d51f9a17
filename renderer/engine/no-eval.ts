/** Imported first: the schemas may not compile themselves into code, since the page's policy refuses that. */
import * as z from 'zod';

z.config({ jitless: true });
