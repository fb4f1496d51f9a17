/** The options of the commands: how each word is read, and what is said of one that makes no sense. */
import { InvalidArgumentError, Option } from 'commander';
import * as z from 'zod';
import { AppError } from '../contract/errors';
import { importOptionsSchema, presetSchema } from '../contract/models';
import { modelIdSchema } from '../contract/photo';

/** Below this confidence an answer is a guess: where the window's slider stands at first. */
export const defaultThreshold = 0.5;

const devices = ['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;

export const commonSchema = z.object({
  json: z.boolean().default(false),
  progress: z.boolean().default(false),
  workspace: z.string().optional(),
  device: z.enum(devices).default('auto'),
});
export type CommonOptions = z.infer<typeof commonSchema>;

export const classifySchema = commonSchema.extend({
  model: modelIdSchema.optional(),
  top: z.int().optional(),
  threshold: z.number().optional(),
  csv: z.string().optional(),
  jsonl: z.string().optional(),
  parquet: z.string().optional(),
  folders: z.string().optional(),
  report: z.string().optional(),
  force: z.boolean().default(false),
});
export type ClassifyOptions = z.infer<typeof classifySchema>;

export const importSchema = commonSchema.extend({
  labels: z.string().optional(),
  preset: presetSchema.optional(),
  layout: importOptionsSchema.shape.layout.unwrap().optional(),
  fit: importOptionsSchema.shape.fit.unwrap().optional(),
  invert: z.boolean().default(false),
  name: modelIdSchema.optional(),
});
export type ImportCommandOptions = z.infer<typeof importSchema>;

export const exportModelSchema = commonSchema.extend({ force: z.boolean().default(false) });
export type ExportModelOptions = z.infer<typeof exportModelSchema>;

/** The nets that `duet bench training` knows; models/benchmarks/training holds them. */
export const referenceNetNames = ['cnn', 'vae', 'dcgan', 'gpt', 'lstm'] as const;

export const benchSchema = commonSchema.extend({ threads: z.int().default(2), steps: z.int().default(60) });
export type BenchOptions = z.infer<typeof benchSchema>;

/** Without the option, as the queue was left. */
export const jobsSchema = commonSchema.extend({ gentle: z.boolean().optional() });
export type JobsOptions = z.infer<typeof jobsSchema>;

export const sweepSchema = commonSchema.extend({ dryRun: z.boolean().default(false) });
export type SweepOptions = z.infer<typeof sweepSchema>;

/** Commander's options are untyped; what comes back here is not. */
export function parseOptions<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError('usage/bad-argument', `--${issue?.path.join('.') ?? '?'}: ${issue?.message ?? 'not understood'}`);
}

export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (value >= from && value <= to) return value;
    throw new InvalidArgumentError(`Give a whole number from ${from} to ${to}.`);
  };
}

/** A confidence as 0..1, or in percent: 0.6 and 60% are the same. */
export function fraction(text: string): number {
  const percent = text.endsWith('%');
  const digits = percent ? text.slice(0, -1) : text;
  const value = /^(\d+(\.\d*)?|\.\d+)$/.test(digits) ? Number(digits) / (percent ? 100 : 1) : NaN;
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('Give a number from 0 to 1, or a percentage.');
}

export function modelName(text: string): string {
  if (modelIdSchema.safeParse(text).success) return text;
  throw new InvalidArgumentError('A model is called by small letters, digits and hyphens, such as everyday-1000.');
}

/** A job's id, or its beginning. */
export function jobName(text: string): string {
  if (/^j[0-9a-z]{0,24}$/.test(text)) return text;
  throw new InvalidArgumentError('A job is called by its id, such as j1v9a9rhgzo. See them all: duet jobs list');
}

/** Options that every command takes. */
export function commonOptions(): Option[] {
  return [
    new Option('--json', 'print JSON, one object a line, and nothing else on stdout'),
    new Option('--progress', 'show progress on stderr even when it is not a terminal'),
    new Option('--workspace <dir>', 'folder with imported models and settings (default: Documents/Duet)'),
    new Option('--device <name>', 'where models compute').choices(devices).default('auto'),
  ];
}
