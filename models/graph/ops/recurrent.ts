/** To be written. */
import type { Family } from '../operator';

export const recurrent: Family<never> = {};
