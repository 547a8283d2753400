/** What keys of the upper row and the marks give on the layout that readers type for, plain and with shift. */
const MARKS: Record<string, string> = {
  Digit1: '1!', Digit2: '2@', Digit3: '3#', Digit4: '4$', Digit5: '5%', Digit6: '6^', Digit7: '7&', Digit8: '8*', Digit9: '9(', Digit0: '0)',
  Minus: '-_', Equal: '=+', Semicolon: ';:', Quote: '\'"', Comma: ',<', Period: '.>', Slash: '/?', Space: '  ', Backquote: '`~',
  BracketLeft: '[{', BracketRight: ']}', Backslash: '\\|',
};

/**
 * The character a key types, or an empty text. Under an input method (Hangul) the
 * browser names no character: then the key's place tells, as on the layout that
 * readers type for.
 */
export function characterOf(event: KeyboardEvent): string {
  const { key, code, shiftKey } = event;
  if (key.length === 1 && key.charCodeAt(0) < 0x7f) return key;
  if (key !== 'Process' && key !== 'Unidentified' && key.length !== 1) return '';
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter) return shiftKey ? letter : letter.toLowerCase();
  const digit = /^Numpad(\d)$/.exec(code)?.[1];
  return digit ?? MARKS[code]?.[shiftKey ? 1 : 0] ?? '';
}

/** Keys that are held with others and type nothing. */
export function isModifier(event: KeyboardEvent): boolean {
  return /^(?:Shift|Control|Alt|AltGraph|Meta|CapsLock|HangulMode|NumLock)$/.test(event.key);
}

/** A key with Control, Alt or Meta is a command; AltGr types characters. */
export function isShortcut(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState('AltGraph');
}

/** Nobody behind the window's capture phase hears of it, and the browser does nothing. */
export function silence(event: Event): void {
  event.stopImmediatePropagation();
  event.preventDefault();
}

type TextField = HTMLInputElement | HTMLTextAreaElement;

/** What a text field held, to put it back. */
export interface Snapshot {
  field: TextField;
  value: string;
  start: number | null;
  end: number | null;
}

const UNTYPED = new Set(['button', 'submit', 'reset', 'checkbox', 'radio', 'file', 'image', 'range', 'color', 'hidden']);

/** The text field with the focus as it stands; null when the focus is elsewhere. */
export function focusedField(): Snapshot | null {
  const field = document.activeElement;
  const typed = field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && !UNTYPED.has(field.type));
  if (!typed || field.readOnly || field.disabled) return null;
  return { field, value: field.value, start: field.selectionStart, end: field.selectionEnd };
}

/** Puts a field back; tell makes the app hear of it, for a change that it heard of. */
export function restore({ field, value, start, end }: Snapshot, tell: boolean): void {
  if (field.value === value) return;
  field.value = value;
  if (start !== null) field.setSelectionRange(start, end);
  if (tell) field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

/** Types into the field with the focus, as its user would have. */
export function insert(field: TextField, text: string): void {
  // Old, but the only way that keeps the field's undo; every browser has it.
  if (document.activeElement === field && typeof document.execCommand === 'function' && document.execCommand('insertText', false, text)) return;
  field.setRangeText(text, field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true, data: text, inputType: 'insertText' }));
}

/** A key of a person that was held for a moment and is pressed again. */
export class GivenBack extends KeyboardEvent {
  constructor(key: string) {
    super('keydown', { key, bubbles: true, cancelable: true });
  }
}
