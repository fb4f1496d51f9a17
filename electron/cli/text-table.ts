/** Columns of text for a terminal: widths in cells, not in characters. */

export interface Column {
  title: string;
  /** In cells; the last column may be any width. */
  width: number;
  align: 'left' | 'right';
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const zero = /\p{Mn}|\p{Me}|\u200d|\ufe0f/u;

const cellsOf = (character: string): number => (zero.test(character) ? 0 : wide.test(character) ? 2 : 1);

/** How many cells a text takes on a terminal. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += cellsOf(character);
  return width;
}

/** At most `width` cells, ending in … when something was left out. */
export function fitText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = '';
  let used = 1;
  for (const character of text) {
    used += cellsOf(character);
    if (used > width) break;
    kept += character;
  }
  return `${kept}…`;
}

export function padText(text: string, width: number, align: Column['align']): string {
  const room = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'left' ? text + room : room + text;
}

/** One line: every cell fitted into its column, except the last, which is never cut. */
export function tableLine(columns: readonly Column[], cells: readonly string[]): string {
  return columns
    .map(({ width, align }, index) => {
      const cell = cells[index] ?? '';
      if (index === columns.length - 1) return cell;
      return padText(fitText(cell, width), width, align);
    })
    .join('  ')
    .trimEnd();
}

/** "a", "b" under each other with their values aligned: for cards and summaries. */
export function factLines(facts: readonly (readonly [string, string])[], indent = 2): string[] {
  const width = Math.max(...facts.map(([name]) => textWidth(name)));
  return facts.map(([name, value]) => `${' '.repeat(indent)}${padText(name, width, 'left')}  ${value}`.trimEnd());
}

/** Breaks text at spaces. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && textWidth(line) + 1 + textWidth(word) > width) {
        lines.push(line);
        line = word;
      } else {
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines;
}
