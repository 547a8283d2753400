import type { Messages } from './ko';

// Sentences of notices on this device, in English.

export const push: Messages['push'] = {
  name: 'Notices on this device',
  hint: 'Tells how SMS and ARS payments ended, also while the app is closed',
  shopOff: 'The notices of the shop are off, so nothing is sent now',
  on: 'This device will be told',
  off: 'This device will not be told',
  unsupported: 'This device has no notices while the app is closed. Leave the app open to be told on the screen.',
  install: 'Notices need the app on the home screen. Press the share button of the browser, choose “Add to Home Screen”, and turn them on in that app.',
  denied: 'Notices are blocked on this device. Allow them in the site settings of the browser or in the notification settings of the phone, then turn them on again.',
  failed: 'Notices could not be turned on. Check the connection and try again.',
  typing: 'A payment is being typed',
  show: 'Show anyway',
};
