/** What has the focus decides which keys are free. */

/** Whether a press types into a field; plain keys belong to the field then. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && target.type !== 'checkbox' && target.type !== 'radio') ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}

const pressable =
  'button, a, summary, [role="menu"], [role="dialog"], [role="slider"], [role="radio"], [role="switch"]';

/** Whether Enter and Space already mean something to what has the focus. */
export function isPressable(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(pressable) !== null;
}
