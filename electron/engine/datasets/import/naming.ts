/** Titles and ids of data sets from the names of what was dropped. */
import path from 'node:path';

/** "tissue_slides.zip" is "Tissue slides"; several files are called as the folder they lie in. */
export function titleOf(paths: readonly string[]): string {
  const [first = ''] = paths;
  const name = paths.length === 1 ? path.basename(first) : path.basename(path.dirname(first));
  const stem = name.replace(
    /(\.(gz|zip|tar|tgz|csv|tsv|parquet|jsonl|ndjson|json|txt|smi|smiles|wav|mid|midi))+$/i,
    '',
  );
  const words = stem
    .replace(/[_\s]+/g, ' ')
    .replace(/(?<=\p{L})-(?=\p{L})/gu, ' ')
    .trim();
  const title = words === '' ? 'Data' : words;
  return (title.charAt(0).toUpperCase() + title.slice(1)).slice(0, 200).trim();
}

/** Small letters, digits and hyphens; with a number when the name is taken. */
export function freeId(title: string, isTaken: (id: string) => boolean): string {
  const plain = title
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  const slug = plain
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50)
    .replace(/-+$/, '');
  const stem = slug === '' ? 'data' : slug;
  for (let number = 1; ; number++) {
    const id = number === 1 ? stem : `${stem}-${number}`;
    if (!isTaken(id)) return id;
  }
}
