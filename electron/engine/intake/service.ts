/** What the intake process answers: lists, decodes, gates and reads labels. One picture is decoded at a time. */
import type { EventInput } from '../../contract/rpc';
import type { Handlers } from '../../contract/server';
import type { IntakeContract } from '../../contract/workers';
import { datasetHandlers } from './datasets/handlers';
import { decodePicture } from './decode';
import { gateLimits, gateModel, tooLarge } from './gate/gate';
import { maxLabelBytes, parseLabels } from './labels';
import { listFiles, maxPictureBytes } from './list-files';
import { readWhole } from './read-file';
import { readRecipe } from './recipes/read-recipe';

/** Sends events to the engine: the finds of a listing, the chunks of a read. */
interface Tell {
  found(event: EventInput<IntakeContract, 'found'>): void;
  chunk(event: EventInput<IntakeContract, 'chunk'>): void;
}

/** Handlers for one intake process. */
export function intakeHandlers(tell: Tell): Handlers<IntakeContract> {
  const inTurn = createTurns();
  return {
    ...datasetHandlers((event) => tell.chunk(event)),
    list: ({ ticket, roots, maxFiles }, { signal }) =>
      listFiles({ roots, maxFiles, signal, found: (files) => tell.found({ ticket, files }) }),
    decode: async (request, { signal }) => {
      const bytes = await readWhole(request.path, maxPictureBytes, signal);
      return inTurn(() => decodePicture(bytes, request, signal));
    },
    gate: async ({ path }, { signal }) => {
      const { maxBytes } = gateLimits;
      const file = await readWhole(path, maxBytes, signal, (size) => tooLarge(size, maxBytes));
      const { bytes, nodes, operators } = gateModel(file);
      return { bytes, nodes, operators };
    },
    recipe: async ({ path }, { signal }) => {
      const bytes = await readWhole(path, maxPictureBytes, signal);
      return inTurn(async () => ({ found: await readRecipe(bytes) }));
    },
    labels: async ({ path }, { signal }) => ({ labels: parseLabels(await readWhole(path, maxLabelBytes, signal)) }),
  };
}

/**
 * Runs one task after the other. Decoding uses a core to the full, so two at once in one process would only share it,
 * need twice the memory and count each other's time.
 */
function createTurns(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const turn = last.then(task);
    last = turn.catch(() => undefined);
    return turn;
  };
}
