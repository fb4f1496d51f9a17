/** To be written. */
import type { Family } from '../operator';

export const normalization: Family<never> = {};
