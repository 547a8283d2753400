import type { PrinterKind } from './printer-choice';

/** Which ways to a printer this browser has. What it can never do is not offered. */
export function ableTo(): Record<Exclude<PrinterKind, 'server'>, boolean> {
  return {
    serial: 'serial' in navigator,
    cable: 'serial' in navigator,
    bluetooth: 'bluetooth' in navigator,
    usb: 'usb' in navigator,
    system: typeof window.print === 'function' && 'adoptedStyleSheets' in document,
    share: sharesPictures(),
  };
}

function sharesPictures(): boolean {
  try {
    return navigator.canShare?.({ files: [new File([''], 'receipt.png', { type: 'image/png' })] }) ?? false;
  } catch {
    return false;
  }
}
