import type { ConsoleMessages } from './ko';

/** The unknown desk. */
export const unsettled: ConsoleMessages['unsettled'] = {
  label: 'Unsettled payments',
  emptyTitle: 'Nothing is unsettled',
  emptyText: 'The outcome of every payment and cancel is known.',
  columns: { since: 'Since', merchant: 'Merchant', payment: 'Payment', phase: 'Phase', tries: 'Tries', due: 'Next try' },
  phases: { SENDING: 'Sending', REVERSE: 'Reversing', UNDO: 'Undoing', REPEAT: 'Repeating the cancel', OPERATOR: 'Needs you' },
  phaseHints: {
    SENDING: 'The acquirer has not answered yet. Past the deadline it is reversed automatically.',
    REVERSE: 'The outcome is not known, so reversals are sent until one is answered.',
    UNDO: 'It turned out to be approved and is being cancelled.',
    REPEAT: 'The outcome of the cancel is not known, so the same cancel is sent again.',
    OPERATOR: 'Every automatic deadline has passed. Ask the acquirer and settle it.',
  },
  cancel: 'Cancel',
  only: 'Merchant ID',
};
