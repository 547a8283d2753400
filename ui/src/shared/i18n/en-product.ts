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
