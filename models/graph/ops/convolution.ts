/** To be written. */
import type { Family } from '../operator';

export const convolution: Family<never> = {};
