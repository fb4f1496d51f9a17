/** Shortcuts as data: "Mod+K" is Ctrl, on a Mac the Command key; matching and showing both read it. */

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

const macSigns: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Delete: '⌫' };
const otherNames: Record<string, string> = { Mod: 'Ctrl', Delete: 'Del', Escape: 'Esc' };

export function showShortcut(shortcut: string, isMac: boolean): string {
  const names = isMac ? macSigns : otherNames;
  return shortcut
    .split('+')
    .map((part) => names[part] ?? part)
    .join(isMac ? '' : ' ');
}

/** Whether a key press is this shortcut. Signs such as "?" are matched as typed, wherever the keyboard has them. */
export function matchesShortcut(shortcut: string, press: KeyPress, isMac: boolean): boolean {
  const parts = shortcut.split('+');
  const key = parts[parts.length - 1] ?? '';
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  const mod = isMac ? press.metaKey : press.ctrlKey;
  const other = isMac ? press.ctrlKey : press.metaKey;
  return (
    press.key.toLowerCase() === key.toLowerCase() &&
    mod === parts.includes('Mod') &&
    !other &&
    press.altKey === parts.includes('Alt') &&
    (isSign || press.shiftKey === parts.includes('Shift'))
  );
}
