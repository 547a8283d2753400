import { toast } from '../design/toast';
import { t } from '../i18n/i18n';
import { Guard } from './guard';

const guard = new Guard(() => toast(t().reader.elsewhere));

/** Stands before the app; call before it renders. Gives the function that ends it. */
export function startWedge(): () => void {
  return guard.install(window);
}

/** The raw text of swipes, to the newest subscriber only; without one they are dropped with a word. */
export const onSwipe = (handler: (typed: string) => void): (() => void) => guard.onSwipe(handler);

/** Barcodes scanned, to the newest subscriber only; without one a scanner is a keyboard like any other. */
export const onBarcode = (handler: (code: string) => void): (() => void) => guard.onBarcode(handler);

/** Reckons with readers whose frames are typed without a sentinel, until the function it gives is called. */
export const expectFrames = (): (() => void) => guard.expectFrames();
