import type { print as ko } from './ko-print';

export const print: typeof ko = {
  button: 'Print',
  again: 'Print again (copy)',
  working: 'Printing',
  done: 'Receipt printed',
  doneCopy: 'Copy printed',
  unopened: 'Check your connection and press again.',
  failedNews: 'A receipt was not printed.',
  unsureNews: 'Check whether a receipt was printed.',
  chip: 'Connect printer',
  connecting: 'Connecting',
  unconnected: 'Not connected',
  setting: 'Mobile printer',
  settingOn: 'On',
  settingOff: 'Off',
  kinds: {
    serial: 'Bluetooth printer',
    bluetooth: 'Bluetooth LE printer',
    usb: 'USB printer',
    cable: 'Serial printer',
    server: 'Network printer',
    system: 'System print window',
    share: 'Share as picture',
  },
};
