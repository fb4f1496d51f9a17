/** Writes a model of our own into assets/models, after it gave its golden values. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CardDraft, fileHash, readJudgeCard, writeCard } from '../../electron/engine/models/card';
import type { JudgeCard } from '../../electron/contract/model-card';
import { goldenDifferences, pictureTensor, rampPicture } from '../../electron/engine/models/golden';
import { encodeModel } from '../../models/graph/encode';
import type { ModelProto } from '../../models/graph/proto/onnx_pb';
import { numbersOf } from '../../models/tensor/host-tensor';
import { createSession } from '../../models/runtime/session';

/** Completes the card, runs the golden pictures and writes `assets/models/NAME.onnx`; throws when a value is off. */
export async function writeShippedModel(model: ModelProto, draft: CardDraft): Promise<void> {
  const carded = writeCard(model, draft);
  const card = readJudgeCard(carded);
  const bytes = encodeModel(carded);
  const session = await createSession(bytes);
  try {
    const differences = await goldenDifferences(session, card);
    if (differences.length > 0) throw new Error(`Golden values differ: ${JSON.stringify(differences, null, 1)}`);
  } finally {
    await session.dispose();
  }
  const folder = join('assets', 'models');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${card.name}.onnx`), bytes);
  console.log(
    `assets/models/${card.name}.onnx: ${bytes.byteLength} bytes, sha256 ${fileHash(bytes)}, graph ${card.graphHash}`,
  );
}

/** Runs ramp pictures of the given heights and widths and keeps every output's first values as the card's golden ones. */
export async function goldenOf(
  model: ModelProto,
  draft: CardDraft,
  sizes: readonly (readonly [number, number])[],
): Promise<JudgeCard['golden']> {
  const session = await createSession(encodeModel(model), { threads: 1 });
  try {
    const golden: JudgeCard['golden'] = [];
    for (const [height, width] of sizes) {
      const picture = pictureTensor(draft.input.layout, rampPicture(height, width), height, width);
      const outputs = await session.run({ [draft.input.name]: picture });
      const values = Object.entries(outputs).flatMap(([output, tensor]) =>
        numbersOf(tensor)
          .slice(0, 4)
          .map((value, index) => ({ output, index, value: Number(value.toFixed(5)) })),
      );
      golden.push({ image: { formula: 'ramp-v1', height, width }, values, tolerance: 1e-3 });
    }
    return golden;
  } finally {
    await session.dispose();
  }
}
