/** The trained field as a file that draws: noise is carried along the velocities in a loop inside the graph. */
import type { Builder } from '../../graph/builder-type';
import type { Graph, Value } from '../../graph/ir';
import { loop, roundName } from '../../graph/loop';
import { inferenceGraph } from '../../nn/inference';
import { Network } from '../../nn/network';
import { dtypeNumber } from '../../tensor/dtype';
import type { HostTensor } from '../../tensor/host-tensor';
import { storedPictures } from '../batch';
import { type DataShape, sampleSize } from '../data-shape';
import { sampleInputs } from '../sampler-inputs';
import type { FlowConfig, FlowSampler } from './config';
import { isConditional, velocity } from './network';

type Weights = Readonly<Record<string, HostTensor>>;
type Method = FlowSampler['method'];

/**
 * `noise` [N, size], `label` int64 [N] where conditional, `steps` int64 [], `guidance` float32 [] (used with labels), `temperature` [] (spread
 * of the noise, 1) to `image` u8 [N, H, W, C] or `row` [N, width]. Heun's last step is Euler's, as the field is not known beyond t = 1.
 */
export function flowSampler(config: FlowConfig, shape: DataShape, weights: Weights, method: Method = 'heun'): Graph {
  const net = new Network({ isTraining: false });
  const { g } = net;
  const { noise, label } = sampleInputs(net, sampleSize(shape), isConditional(config, shape));
  const steps = g.input('steps', 'int64', []);
  const start = { x: g.Mul(noise, g.input('temperature', 'float32', [])), steps };
  const guided = label ? { ...start, label, guidance: g.input('guidance', 'float32', []) } : start;
  const { x = noise } = loop(g, steps, guided, stepGraph(config, shape, weights, method));
  if (shape.kind === 'image') {
    const planes = g.Reshape(x, [-1, shape.channels, shape.height, shape.width]);
    g.output('image', storedPictures(g, planes, shape, -1, 1));
  } else g.output('row', g.Identity(x));
  return g.build('flow-sampler');
}

/** One step: `x` [N, size] at t = round / steps to `next.x`. */
function stepGraph(config: FlowConfig, shape: DataShape, weights: Weights, method: Method): Graph {
  return inferenceGraph('flow', (net) => {
    const { g } = net;
    const toFloat = { to: dtypeNumber('float32') };
    const x = g.input('x', 'float32', ['N', sampleSize(shape)]);
    const steps = g.Cast(g.input('steps', 'int64', []), toFloat);
    const label = isConditional(config, shape) ? g.input('label', 'int64', ['N']) : undefined;
    const guidance = label && g.input('guidance', 'float32', []);
    const round = g.Cast(g.input(roundName, 'int64', []), toFloat);
    const h = g.Div(g.scalarLike(steps, 1), steps);
    const field: Field = (at, t) => guidedVelocity(net, config, shape, { x: at, t, label, guidance });
    return { 'next.x': g.Add(x, g.Mul(increment(g, method, field, { x, t: g.Mul(round, h), h }), h)) };
  }, weights); // prettier-ignore
}

type Field = (x: Value, t: Value) => Value;

/** The mean velocity over a step: Euler, explicit midpoint, or Heun (Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, II.1). */
function increment(g: Builder, method: Method, field: Field, { x, t, h }: { x: Value; t: Value; h: Value }): Value {
  const first = field(x, t);
  if (method === 'euler') return first;
  if (method === 'midpoint') {
    const half = g.Div(h, 2);
    return field(g.Add(x, g.Mul(first, half)), g.Add(t, half));
  }
  const end = g.Add(t, h);
  const second = field(g.Add(x, g.Mul(first, h)), end);
  const isLast = g.Greater(g.Add(end, g.Div(h, 2)), 1);
  return g.Where(isLast, first, g.Div(g.Add(first, second), 2));
}

interface Place {
  readonly x: Value;
  /** Scalar. */
  readonly t: Value;
  readonly label: Value | undefined;
  readonly guidance: Value | undefined;
}

/** v + w (v - v without class), both in one batch (Ho and Salimans 2022, equation 6). */
function guidedVelocity(net: Network, config: FlowConfig, shape: DataShape, { x, t, label, guidance }: Place): Value {
  const { g } = net;
  const planes = (rows: Value): Value => shape.kind === 'image' ? g.Reshape(rows, [-1, shape.channels, shape.height, shape.width]) : rows; // prettier-ignore
  const rows = (value: Value): Value => (shape.kind === 'image' ? g.Flatten(value) : value);
  const column = (like: Value): Value =>
    g.Expand(t, g.Concat(g.Slice(g.shapeOf(like), [0], [1]), g.ints([1]), { axis: 0 })); // [N, 1]
  if (!label || !guidance) return rows(velocity(net, config, shape, planes(x), column(x), undefined));
  const none = g.Add(g.Mul(label, g.scalarLike(label, 0)), g.scalarLike(label, shape.classes));
  const both = g.Concat(x, x, { axis: 0 });
  const v = rows(velocity(net, config, shape, planes(both), column(both), g.Concat(label, none, { axis: 0 })));
  const [told = v, untold = v] = g.Split(v, { axis: 0, num_outputs: 2 });
  return g.Add(told, g.Mul(g.Sub(told, untold), guidance));
}
