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

/** Gives a link away by the device's own sheet of people and apps, else by the clipboard, else by hand. */
export async function giveLink(title: string, url: string): Promise<Given> {
  if (canShare()) {
    try {
      await navigator.share({ title, url });
      return 'shared';
    } catch (refusal) {
      // The user closed the sheet: nothing else is wanted.
      if (refusal instanceof DOMException && refusal.name === 'AbortError') return 'closed';
    }
  }
  return (await copyText(url)) ? 'copied' : 'byHand';
}
