/** To be written. */
import type { Family } from '../operator';

export const gathering: Family<never> = {};
