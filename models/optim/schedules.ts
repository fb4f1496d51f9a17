/** Learning rates over time: functions of the step (1, 2, ...), computed by the caller of a step and fed as `lr`. */

/** The learning rate at a step. */
export type Schedule = (step: number) => number;

/** The same rate always. */
export function constantRate(rate: number): Schedule {
  return () => rate;
}

/** `rate` times `factor` for every `every` steps that have passed. */
export function stepDecay(rate: number, every: number, factor: number): Schedule {
  return (step) => rate * factor ** Math.floor((step - 1) / every);
}

/** From `rate` down to `end` along half a cosine over `total` steps (Loshchilov and Hutter 2017, equation 5). */
export function cosine(rate: number, total: number, end = 0): Schedule {
  return (step) => end + ((rate - end) / 2) * (1 + Math.cos(Math.PI * Math.min(1, (step - 1) / total)));
}

/** Rises in a straight line over `steps` steps, then follows `then`, which sees steps counted from the end of the rise. */
export function warmUp(steps: number, then: Schedule): Schedule {
  return (step) => (step <= steps ? (then(1) * step) / steps : then(step - steps));
}

/** `rate` for a share `hold` of `total` steps, then a cosine down to `end`. */
export function constantThenCosine(rate: number, total: number, hold: number, end = 0): Schedule {
  const held = Math.round(total * hold);
  const fall = cosine(rate, total - held, end);
  return (step) => (step <= held ? rate : fall(step - held));
}

/**
 * Rises from rate / 25 to `rate` over a share `rise` of `total` steps, then falls to rate / 25 / 10^4 at the last one, both along cosines (Smith
 * and Topin 2018), as PyTorch counts: the peak lies where `total * rise` steps have been made.
 */
export function oneCycle(rate: number, total: number, rise = 0.3): Schedule {
  const [start, end] = [rate / 25, rate / 25e4];
  const peak = total * rise - 1;
  const between = (from: number, to: number, share: number): number =>
    to + ((from - to) / 2) * (1 + Math.cos(Math.PI * Math.min(1, Math.max(0, share))));
  return (step) =>
    step - 1 < peak
      ? between(start, rate, (step - 1) / peak)
      : between(rate, end, (step - 1 - peak) / (total - 1 - peak));
}
