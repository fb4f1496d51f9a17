/** What a kind of files is to the fuzz. */

export interface FuzzKind {
  /** How a wounded file is put to the process: decoded as a picture, unpacked, or inspected and read as a source. */
  readonly route: 'picture' | 'archive' | 'source';
  /** Good files by name, several to choose from; one of the names is wounded, the others stay as their first. `root` is the checkout. */
  files(root: string): Promise<Readonly<Record<string, readonly Uint8Array[]>>>;
  /** Packs, or makes check sums right again, so that wounds reach what lies behind them: for every second one made before it, else after. */
  readonly finish?: (bytes: Uint8Array) => Uint8Array;
}
