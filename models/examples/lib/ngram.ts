/** The baseline of language models: n-grams of all orders, mixed as Witten and Bell (1991) propose. */

/** What followed a context, and how often. */
interface Followers {
  total: number;
  readonly counts: Map<number, number>;
}

/**
 * Mean -log p of every symbol of `validation` given the `order` - 1 before it, in nats. p of a context h mixes what was seen there with the
 * estimate of the context that is one shorter: p(s | h) = (count(h, s) + kinds(h) p(s | h')) / (count(h) + kinds(h)).
 */
export function ngramLoss(train: Uint8Array, validation: Uint8Array, symbols: number, order: number): number {
  const table = new Map<string, Followers>();
  visit(train, order, (context, symbol) => {
    const followers = table.get(context) ?? { total: 0, counts: new Map<number, number>() };
    followers.total += 1;
    followers.counts.set(symbol, (followers.counts.get(symbol) ?? 0) + 1);
    table.set(context, followers);
  });
  let sum = 0;
  let p = 1 / symbols;
  visit(validation, order, (context, symbol, length) => {
    const followers = table.get(context);
    const below = length === 0 ? 1 / symbols : p; // contexts come from the shortest to the longest
    const kinds = followers?.counts.size ?? 0;
    p = followers ? ((followers.counts.get(symbol) ?? 0) + kinds * below) / (followers.total + kinds) : below;
    if (length === order - 1) sum -= Math.log(p);
  });
  return sum / Math.max(1, validation.length - order + 1);
}

/** Every symbol that has enough before it, with its contexts of 0 to order - 1 symbols. */
function visit(text: Uint8Array, order: number, see: (context: string, symbol: number, length: number) => void): void {
  const characters = Array.from(text, (symbol) => String.fromCharCode(symbol)).join('');
  for (let at = order - 1; at < text.length; at++) {
    for (let length = 0; length < order; length++) see(characters.slice(at - length, at), text[at] ?? 0, length);
  }
}
