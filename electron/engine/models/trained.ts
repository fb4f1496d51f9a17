/** A model that was trained here as the file that anyone can use: standard operators, preprocessing inside, a card that tells how it came about. */
import { AppError } from '../../contract/errors';
import type { Control, TrainingRecord } from '../../contract/model-card';
import { createBuilder } from '../../../models/graph/builder';
import type { Graph } from '../../../models/graph/ir';
import { encodeModel } from '../../../models/graph/encode';
import { encodeGraph } from '../../../models/graph/encode-graph';
import type { HostTensor } from '../../../models/tensor/host-tensor';
import type { DataShape } from '../../../models/zoo/data-shape';
import { type Configured, generatorFile, type GeneratorFile, judgeGraph } from '../../../models/zoo/families';
import type { RowScale } from '../training/worker/row-scale';
import { writeCard } from './card';

export interface TrainedModel {
  readonly name: string;
  readonly title: string;
  readonly configured: Configured;
  readonly shape: DataShape;
  /** Weights as they are used (`usableWeights`). */
  readonly weights: Readonly<Record<string, HostTensor>>;
  /** How rows are put back into the units of the data; undefined for pictures, and for rows that were learned as they are. */
  readonly scale?: RowScale | undefined;
  /** Names of the classes, index = class; empty where nothing is labelled. */
  readonly labels: readonly string[];
  readonly training: TrainingRecord;
  readonly description: string;
  readonly limits: string;
  readonly licence: { readonly spdx: string; readonly notice: string };
}

/** Bytes of the .onnx. @throws AppError `training/unsuited` for a classifier of rows, which is no model for pictures. */
export function trainedModelFile(model: TrainedModel): Uint8Array {
  const { configured } = model;
  if (configured.family === 'classifier') return judgeFile(model, configured);
  return drawingFile(model, generatorFile(configured, model.shape, model.weights));
}

function common({ name, title, description, limits, licence, training }: TrainedModel) {
  const from = training.dataset;
  return {
    format: 1 as const,
    name,
    title,
    description,
    limits,
    licence,
    training,
    source: {
      title: 'Trained with Duet',
      origin: from === null ? 'no data set' : `${from.title}, revision ${from.revision}`,
      madeBy: `recipe ${training.recipe}, seed ${training.seed}, ${training.steps} steps`,
    },
  };
}

function judgeFile(model: TrainedModel, configured: Configured): Uint8Array {
  const { shape, labels, weights } = model;
  if (shape.kind !== 'image')
    throw new AppError('training/unsuited', 'A judge reads pictures; these are rows of numbers.');
  return encodeModel(
    writeCard(encodeGraph(judgeGraph(configured, shape, weights)), {
      ...common(model),
      task: 'classify',
      labels: [...labels],
      input: { name: 'image', layout: 'NHWC', maxBatch: 0, shortSide: Math.min(shape.height, shape.width) },
      outputs: { kind: 'classify', probabilities: 'probabilities', features: 'features' },
      golden: [],
    }),
  );
}

const controls: Record<GeneratorFile['controls'][number], Control> = {
  temperature: { name: 'temperature', dtype: 'float32', value: 1, least: 0, most: 1.5 },
  guidance: { name: 'guidance', dtype: 'float32', value: 0.5, least: 0, most: 4 },
  steps: { name: 'steps', dtype: 'int64', value: 8, least: 1, most: 100 },
};
/** Points show errors of a coarse path that pictures hide: narrow modes become narrower still. */
const stepsForRows = 25;

/** The controls of a generator as its card has them. */
export function usualControls(names: GeneratorFile['controls'], shape: DataShape): Control[] {
  return names.map((name) => {
    const control = controls[name];
    return name === 'steps' && shape.kind === 'vector' ? { ...control, value: stepsForRows } : control;
  });
}

function drawingFile(model: TrainedModel, { graph: drawing, ...file }: GeneratorFile): Uint8Array {
  const { shape, labels, scale } = model;
  const graph = scale === undefined ? drawing : inUnits(drawing, scale);
  const drawn =
    shape.kind === 'image'
      ? { kind: 'image' as const, height: shape.height, width: shape.width, channels: shape.channels }
      : { kind: 'row' as const, width: shape.width };
  return encodeModel(
    writeCard(encodeGraph(graph), {
      ...common(model),
      task: 'generate',
      labels: file.isConditional ? [...labels] : [],
      input: {
        noise: 'noise',
        noiseWidth: file.noiseWidth,
        label: file.isConditional ? 'label' : null,
        controls: usualControls(file.controls, shape),
      },
      outputs: { kind: 'generate', samples: shape.kind === 'image' ? 'image' : 'row', shape: drawn },
    }),
  );
}

/** The graph with its rows multiplied by the spreads of the data and moved to their means. */
function inUnits(graph: Graph, { means, spreads }: RowScale): Graph {
  const g = createBuilder({ ...graph, outputs: [] });
  for (const { name, value } of graph.outputs) g.output(name, g.Add(g.Mul(value, g.floats(spreads)), g.floats(means)));
  return g.build(graph.name);
}
