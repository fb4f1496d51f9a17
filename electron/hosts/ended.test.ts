/** Whatever order the system reports an end in, calls fail because the process died. */
import { expect, test } from 'vitest';
import * as z from 'zod';
import { connect } from '../contract/client';
import { memoryPair } from '../contract/transport';
import { makeEnding } from './ended';

const contract = { calls: { hang: { request: z.strictObject({}), reply: z.null() } }, events: {} };

test('a line that closes before the exit is reported does not hide the crash', async () => {
  const [near, far] = memoryPair();
  const ending = makeEnding(near);
  const client = connect(contract, ending.transport);
  ending.onExit((reason) => client.close('engine/crashed', reason));
  const hanging = client.call('hang', {});
  hanging.catch(() => undefined);
  far.close();
  ending.ended('it ended');
  await expect(hanging).rejects.toMatchObject({ code: 'engine/crashed', message: 'it ended' });
});

test('a line that we close ourselves is closed at once', async () => {
  const ending = makeEnding(memoryPair()[0]);
  const client = connect(contract, ending.transport);
  const hanging = client.call('hang', {});
  ending.transport.close();
  await expect(hanging).rejects.toMatchObject({ code: 'engine/closed' });
});
