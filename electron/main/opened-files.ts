/** Files given from outside: on the command line, by a second start, by a drop on the icon (macOS sends events). */
import path from 'node:path';

const known = /\.(jpe?g|png|webp|gif|avif|onnx|zip|tgz|gz|csv|tsv|parquet|jsonl|ndjson|smi|wav|midi?)$/i;

/** The files among command line arguments; switches and the application's own path are left out. */
export function filesAmong(args: readonly string[], workingFolder: string): string[] {
  return args.filter((arg) => !arg.startsWith('-') && known.test(arg)).map((arg) => path.resolve(workingFolder, arg));
}
