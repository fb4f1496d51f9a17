/** A feed gives everything once and in order, whoever is quicker, and keeps nothing for a reader that has left. */
import { expect, test } from 'vitest';
import { Feed } from './feed';

async function readAll<Item>(feed: Feed<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of feed) items.push(item);
  return items;
}

test('what was told before, between and after reading began arrives in order', async () => {
  const feed = new Feed<number>();
  feed.push(1);
  const reading = readAll(feed);
  await Promise.resolve();
  feed.push(2);
  feed.push(3);
  await Promise.resolve();
  feed.push(4);
  feed.finish();
  expect(await reading).toEqual([1, 2, 3, 4]);
});

test('a failure ends the reading after what was told', async () => {
  const feed = new Feed<number>();
  feed.push(1);
  feed.fail(new Error('lost'));
  const iterator = feed[Symbol.asyncIterator]();
  expect(await iterator.next()).toEqual({ done: false, value: 1 });
  await expect(iterator.next()).rejects.toThrow('lost');
});

test('a reader that leaves ends the keeping', async () => {
  const feed = new Feed<number>();
  feed.push(1);
  for await (const item of feed) if (item === 1) break;
  feed.push(2);
  feed.finish();
  expect(await readAll(feed)).toEqual([]);
});
