/** To be written. */
import type { Family } from '../operator';

export const pooling: Family<never> = {};
