/** To be written. */
import type { Family } from '../operator';

export const ordering: Family<never> = {};
