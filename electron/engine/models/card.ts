/** The card inside a model file: read it, write it, and the hash that ties it to its graph. */
import { createHash } from 'node:crypto';
import { AppError } from '../../contract/errors';
import {
  cardMetadataKey,
  type GeneratorCard,
  isJudgeCard,
  type JudgeCard,
  type ModelCard,
  modelCardSchema,
} from '../../contract/model-card';
import { encodeModel } from '../../../models/graph/encode';
import { getMetadata, withMetadata, withoutMetadata } from '../../../models/graph/metadata';
import type { ModelProto } from '../../../models/graph/proto/onnx_pb';

/** sha256 (hex) of the model encoded without its metadata: the same before and after a card is written. */
export function graphHash(model: ModelProto): string {
  return createHash('sha256')
    .update(encodeModel(withoutMetadata(model)))
    .digest('hex');
}

/** sha256 (hex) of a file's bytes. */
export function fileHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The card of a model; throws `model/damaged` when the file carries none or one that is not valid. */
export function readCard(model: ModelProto): ModelCard {
  const text = getMetadata(model, cardMetadataKey);
  if (text === undefined) throw new AppError('model/damaged', 'The file carries no model card: import it first.');
  const parsed = modelCardSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new AppError('model/damaged', `The model's card is not valid at "${where}": ${issue?.message ?? 'unknown'}.`);
}

/** The card of a model that judges; throws `model/not-a-classifier` for one that draws. */
export function readJudgeCard(model: ModelProto): JudgeCard {
  const card = readCard(model);
  if (isJudgeCard(card)) return card;
  throw new AppError('model/not-a-classifier', `${card.title} draws pictures, it does not judge them. Choose a judge.`);
}

/** A card before it knows the graph it describes. */
export type CardDraft = Omit<JudgeCard, 'graphHash'>;
export type GeneratorCardDraft = Omit<GeneratorCard, 'graphHash'>;

/** A copy of the model that carries the card, completed by the hash of its graph. */
export function writeCard(model: ModelProto, draft: CardDraft | GeneratorCardDraft): ModelProto {
  const card = modelCardSchema.parse({ ...draft, graphHash: graphHash(model) });
  return withMetadata(model, cardMetadataKey, JSON.stringify(card));
}

/** Throws `model/damaged` unless the graph is the one that the card was written for. */
export function checkGraphHash(model: ModelProto, card: ModelCard): void {
  const found = graphHash(model);
  if (found === card.graphHash) return;
  throw new AppError('model/damaged', 'The model was changed after its card was written.', {
    expected: card.graphHash,
    found,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
