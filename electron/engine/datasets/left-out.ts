/** The files that the imports of a data set left out, as the first of them were noted. */
import { type LeftOut, leftOutSchema } from '../../contract/dataset-intake';
import type { ObjectStore } from '../storage/object-store';
import type { Manifest } from './manifest';

/** At most `most` of them. */
export async function leftOutOf(objects: ObjectStore, { parts }: Manifest, most: number): Promise<LeftOut[]> {
  const told: LeftOut[] = [];
  for (const { leftOut } of parts) {
    if (leftOut === null || told.length >= most) continue;
    const lines = Buffer.from(await objects.read(leftOut))
      .toString('utf8')
      .split('\n')
      .slice(0, most - told.length);
    for (const line of lines) if (line !== '') told.push(leftOutSchema.parse(JSON.parse(line)));
  }
  return told;
}
