/**
 * Whether a line is written as SMILES (OpenSMILES specification, section 2): known atoms, balanced branches, closed rings.
 * It knows no chemistry: valences and aromaticity are not checked.
 */

const elements = new Set(
  (
    'H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo ' +
    'Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl ' +
    'Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og ' +
    'b c n o p s se as te si *'
  ).split(' '),
);

const organic = /Cl|Br|[BCNOPSFI]|[bcnops]|\*/y;
const bracket =
  /\[(\d{1,3})?([A-Z][a-z]?|[a-z]{1,2}|\*)(@(?:@|[A-Z]{2}\d{1,2})?)?(H\d?)?(\++\d{0,2}|-+\d{0,2})?(?::\d{1,6})?\]/y;
const bond = /[-=#$:/\\~]/y;
const ring = /%\d\d|%\(\d{1,5}\)|\d/y;

/** Longer than any molecule that a line of a list is made for; also bounds the work. */
const maxLength = 10_000;

/** Why a line is no SMILES, or undefined when it is one. */
export function smilesProblem(text: string): string | undefined {
  if (text.length === 0) return 'it is empty';
  if (text.length > maxLength) return `it is longer than ${maxLength} characters`;
  return new Walk(text).problem();
}

export const isSmiles = (text: string): boolean => smilesProblem(text.trim()) === undefined;

class Walk {
  private at = 0;
  private depth = 0;
  private readonly openRings = new Set<number>();
  /** What stood before: decides what may follow. */
  private last: 'start' | 'atom' | 'bond' | 'open' = 'start';

  constructor(private readonly text: string) {}

  problem(): string | undefined {
    while (this.at < this.text.length) {
      const problem = this.step();
      if (problem !== undefined) return problem;
    }
    if (this.depth > 0) return 'a branch is not closed';
    if (this.openRings.size > 0) return `ring ${[...this.openRings].join(', ')} is not closed`;
    return this.last === 'atom' ? undefined : 'it ends without an atom';
  }

  private step(): string | undefined {
    const { text, at } = this;
    if (text[at] === '[') return this.bracketAtom();
    if (this.take(organic) !== undefined) return this.followedBy('atom');
    const mark = text[at] ?? '';
    if (mark === '(') return this.open();
    if (mark === ')') return this.close();
    if (mark === '.') return this.dot();
    const number = this.take(ring);
    if (number !== undefined) return this.ring(number);
    if (this.take(bond) !== undefined) {
      if (this.last !== 'atom' && this.last !== 'open') return this.unexpected(mark, at);
      return this.followedBy('bond');
    }
    return this.unexpected(mark, at);
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private followedBy(last: Walk['last']): string | undefined {
    this.last = last;
    return undefined;
  }

  private unexpected(mark: string, at: number): string {
    return `"${mark}" at place ${at + 1} is not expected there`;
  }

  private bracketAtom(): string | undefined {
    const { at } = this;
    bracket.lastIndex = at;
    const found = bracket.exec(this.text);
    if (found === null) return `the bracket at place ${at + 1} is no atom`;
    // A lower-case second letter may belong to the symbol or be an aromatic atom of one letter; the table decides.
    const symbol = found[2] ?? '';
    if (!elements.has(symbol)) return `"${symbol}" is no element`;
    this.at += found[0].length;
    return this.followedBy('atom');
  }

  private open(): string | undefined {
    if (this.last !== 'atom') return this.unexpected('(', this.at);
    this.at++;
    this.depth++;
    return this.followedBy('open');
  }

  private close(): string | undefined {
    if (this.last !== 'atom' || this.depth === 0) return this.unexpected(')', this.at);
    this.at++;
    this.depth--;
    return undefined;
  }

  private dot(): string | undefined {
    if (this.last !== 'atom') return this.unexpected('.', this.at);
    this.at++;
    return this.followedBy('bond');
  }

  /** A ring number opens and closes; it follows an atom or the bond of the ring. */
  private ring(mark: string): string | undefined {
    if (this.last !== 'atom' && this.last !== 'bond') return this.unexpected(mark, this.at - mark.length);
    const number = Number(mark.replace(/[%()]/g, ''));
    if (!this.openRings.delete(number)) this.openRings.add(number);
    return this.followedBy('atom');
  }
}
