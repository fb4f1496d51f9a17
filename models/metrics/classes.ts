/** Asked and predicted classes: the matrix, who is missing, how evenly classes are drawn. */

/** Counts [asked][predicted]; the last column counts answers under the threshold: unsure. */
export function askedPredicted(
  asked: ArrayLike<number>,
  predicted: ArrayLike<number>,
  confidence: ArrayLike<number>,
  classes: number,
  threshold: number,
): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes + 1).fill(0));
  for (let i = 0; i < asked.length; i++) {
    const row = matrix[asked[i] ?? 0];
    const column = (confidence[i] ?? 0) < threshold ? classes : (predicted[i] ?? 0);
    if (row) row[column] = (row[column] ?? 0) + 1;
  }
  return matrix;
}

/** Classes seen in at least `least` of the samples, as a share of all classes. */
export function classCoverage(predicted: ArrayLike<number>, classes: number, least: number): number {
  const counts = new Array<number>(classes).fill(0);
  for (let i = 0; i < predicted.length; i++) counts[predicted[i] ?? 0] = (counts[predicted[i] ?? 0] ?? 0) + 1;
  return counts.filter((count) => count >= least).length / classes;
}

/** Shannon's entropy of the shares of the classes, in nats: log(classes) when all are drawn alike. */
export function classEntropy(predicted: ArrayLike<number>, classes: number): number {
  const counts = new Array<number>(classes).fill(0);
  for (let i = 0; i < predicted.length; i++) counts[predicted[i] ?? 0] = (counts[predicted[i] ?? 0] ?? 0) + 1;
  return counts.reduce((sum, count) => {
    const share = count / Math.max(1, predicted.length);
    return share === 0 ? sum : sum - share * Math.log(share);
  }, 0);
}
