/** To be written. */
import type { Family } from '../operator';

export const resampling: Family<never> = {};
