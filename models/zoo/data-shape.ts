/** What a model is for: the shape of one sample, its classes, and how samples lie in batches that step programs take. */
import * as z from 'zod';

const classes = z.int().min(0).max(10_000);

/** u8 pictures [height, width, channels], as data sets keep them. `classes` is 0 where nothing is labelled. */
export const imageShapeSchema = z.strictObject({
  kind: z.literal('image'),
  height: z.int().min(4).max(512),
  width: z.int().min(4).max(512),
  channels: z.union([z.literal(1), z.literal(3)]),
  classes,
});
export type ImageShape = z.infer<typeof imageShapeSchema>;

/** Rows of float32 numbers [width]: points of a plane, features of another model, columns of a table. */
const vectorShapeSchema = z.strictObject({
  kind: z.literal('vector'),
  width: z.int().min(1).max(65_536),
  classes,
});

export const dataShapeSchema = z.discriminatedUnion('kind', [imageShapeSchema, vectorShapeSchema]);
export type DataShape = z.infer<typeof dataShapeSchema>;

/** Numbers in one sample. */
export function sampleSize(shape: DataShape): number {
  return shape.kind === 'image' ? shape.height * shape.width * shape.channels : shape.width;
}

/** Times that a picture can be halved until its short side is about `least`, at least once. */
export function halvings({ height, width }: ImageShape, least = 7): number {
  return Math.max(1, Math.round(Math.log2(Math.min(height, width) / least)));
}
