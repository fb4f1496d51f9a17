/** One training step of the five reference nets: one JSON line a net. Names choose nets. Compare with PyTorch's in the same minutes. */
import { referenceNets, timeTraining } from '../models/benchmarks/training';

const wanted = process.argv.slice(2);
for (const net of referenceNets) {
  if (wanted.length > 0 && !wanted.includes(net)) continue;
  console.log(JSON.stringify(await timeTraining(net, { threads: 2 })));
}
