import { many } from './en-words';
import type { Messages } from './ko';

// Sentences of the owner's products and of carts that wait, in English.

export const held: Messages['held'] = {
  act: 'Hold',
  title: 'Put this cart aside?',
  text: 'It waits on this device while you serve the next buyer. Logging out erases it.',
  name: 'Name',
  nameHint: 'e.g. Table 3',
  submit: 'Hold the cart',
  full: (most) => `${most} carts can wait. Fetch one back or erase one first.`,
  done: (name) => `${name} waits`,
  list: 'Carts on hold',
  number: (n) => `Cart ${n}`,
  recall: (name) => `Fetch ${name} back`,
  recalled: (name) => `${name} is back`,
  drop: (name) => `Erase ${name}`,
  dropped: (name) => `${name} erased`,
  choose: 'What about the present cart?',
  swap: 'Exchange',
  swapHint: 'Puts the present cart aside and fetches this one',
  merge: 'Add',
  mergeHint: 'Adds to the present cart',
  when: (count, at) => [many(count, 'item'), at],
};

export const camera: Messages['camera'] = {
  open: 'Scan a barcode with the camera',
  title: 'Scan a barcode',
  picture: 'Picture of the camera',
  opening: 'Opening the camera',
  hint: 'Hold the barcode into the frame',
  lightOn: 'Light on',
  lightOff: 'Light off',
  failed: {
    denied: 'This page may not use the camera.',
    none: 'No camera was found on this device. Type the number of the barcode.',
    busy: 'Another app holds the camera. Close it and try again.',
    fetch: 'The barcode reader could not be fetched. Check the connection and try again.',
  },
  allow: 'Press the lock (settings) at the left of the address, allow the camera and try again. Typing the number works too.',
  unopened: 'Check the connection and press again.',
  typed: 'Barcode number',
  typedWrong: 'A barcode has letters, digits and - only.',
  typedSubmit: 'Enter',
};
