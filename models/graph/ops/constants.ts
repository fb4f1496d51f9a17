/** To be written. */
import type { Family } from '../operator';

export const constants: Family<never> = {};
