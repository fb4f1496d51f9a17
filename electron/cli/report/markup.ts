/** HTML from parts: every value is escaped unless it is itself such a part. (Not called `html`: formatters would rewrite the pieces.) */

/** Text that is safe to put into a page as it is. */
export interface Markup {
  readonly text: string;
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

type Value = string | number | Markup | readonly Markup[];

function textOf(value: Value): string {
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  return 'text' in value ? value.text : value.map((one) => one.text).join('');
}

export function markup(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return { text: parts.map((part, index) => part + textOf(values[index] ?? '')).join('') };
}

/** Text of our own that is markup already, such as the style sheet. */
export function trusted(text: string): Markup {
  return { text };
}

export const nothing: Markup = { text: '' };
