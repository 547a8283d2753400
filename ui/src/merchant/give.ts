/** Puts a text on the clipboard; false where the browser does not let us. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** How a link was given away; byHand: it must be shown to be marked. */
export type Given = 'shared' | 'closed' | 'copied' | 'byHand';

/** Whether the device has a sheet of people and apps. */
export const canShare = (): boolean => typeof navigator.share === 'function';

/** What is given away: a link, or words of some lines. */
export type Gift = { title: string } & ({ url: string } | { text: string });

/** Gives something away by the device's own sheet of people and apps, else by the clipboard, else by hand. */
export async function give(gift: Gift): Promise<Given> {
  if (canShare()) {
    try {
      await navigator.share(gift);
      return 'shared';
    } catch (refusal) {
      // The user closed the sheet: nothing else is wanted.
      if (refusal instanceof DOMException && refusal.name === 'AbortError') return 'closed';
    }
  }
  return (await copyText('url' in gift ? gift.url : gift.text)) ? 'copied' : 'byHand';
}
