/** Plane figures as questions: is a point inside? All lie in the circle of radius 1 around the origin. */

export type Figure = (x: number, y: number) => boolean;

/** The figures by class name. */
export const figures: Readonly<Record<string, Figure>> = {
  circle: (x, y) => x * x + y * y <= 1,
  crescent: (x, y) => x * x + y * y <= 1 && (x - 0.45) ** 2 + y * y > 0.64,
  cross: (x, y) => Math.min(Math.abs(x), Math.abs(y)) <= 0.3 && Math.max(Math.abs(x), Math.abs(y)) <= 0.95,
  pentagon: polygon(corners(5, () => 1)),
  ring: (x, y) => x * x + y * y <= 1 && x * x + y * y >= 0.36,
  square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) <= 0.7,
  star: polygon(corners(10, (k) => (k % 2 === 0 ? 1 : 0.42))),
  triangle: polygon(corners(3, () => 1)),
};

type Point = readonly [number, number];

/** Cosine and sine, rounded: their last bit differs from one engine to the next. */
export function direction(angle: number): Point {
  return [Math.round(Math.cos(angle) * 1e9) / 1e9, Math.round(Math.sin(angle) * 1e9) / 1e9];
}

function corners(count: number, radius: (k: number) => number): Point[] {
  return Array.from({ length: count }, (_, k): Point => {
    const [x, y] = direction((2 * Math.PI * k) / count);
    return [radius(k) * x, radius(k) * y];
  });
}

/** Even-odd rule: a ray to the right crosses the outline an odd number of times. */
function polygon(points: readonly Point[]): Figure {
  const xs = Float64Array.from(points, ([x]) => x);
  const ys = Float64Array.from(points, ([, y]) => y);
  return (x, y) => {
    let isInside = false;
    for (let k = 0, last = xs.length - 1; k < xs.length; last = k++) {
      const [yk, yl] = [ys[k] ?? 0, ys[last] ?? 0];
      if (yk > y === yl > y) continue;
      const [xk, xl] = [xs[k] ?? 0, xs[last] ?? 0];
      if (x < ((xl - xk) * (y - yk)) / (yl - yk) + xk) isInside = !isInside;
    }
    return isInside;
  };
}
