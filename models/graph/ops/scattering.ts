/** To be written. */
import type { Family } from '../operator';

export const scattering: Family<never> = {};
