import type { ConsoleMessages } from './ko';

/** Payments over all merchants. */
export const payments: ConsoleMessages['payments'] = {
  columns: { at: 'Time', merchant: 'Merchant', status: 'Status', amount: 'Amount', balance: 'Left', channel: 'Method', card: 'Card', approval: 'Approval no.', order: 'Order' },
  filters: { q: 'Approval no., order no., ID', status: 'Status', channel: 'Method', minAmount: 'At least', maxAmount: 'At most' },
  facts: { id: 'Payment ID', orderId: 'Order no.', terminal: 'Terminal', buyer: 'Buyer', approvedAt: 'Approved' },
  emptyTitle: 'No such payment',
  emptyText: 'References are looked for whole. For approval numbers and RRNs check the days as well.',
  all: 'Show all payments',
  inquire: 'Ask the acquirer',
  inquireText: 'Asks the acquirer what it knows of this payment. An unknown one changes only as far as the answer proves.',
  inquired: 'The acquirer answered',
  answers: {
    UNKNOWN: 'The answer tells nothing. Ask again in a moment.',
    ABSENT: 'The acquirer knows no such payment. One answer alone proves nothing.',
    APPROVED: 'The acquirer has it as approved.',
    DECLINED: 'The acquirer declined it.',
    REVERSED: 'The acquirer has it as reversed.',
  },
  toDesk: 'Settle it',
  ledger: 'Ledger',
  ledgerColumns: { day: 'Day', event: 'Event', account: 'Account' },
  told: 'Messages and receipts',
  audit: 'Audit',
};

/** Messages to the acquirer. */
export const attempts: ConsoleMessages['attempts'] = {
  title: 'Messages to the acquirer',
  kinds: { AUTHORIZE: 'Authorize', REVERSE: 'Reverse', VOID: 'Void', REFUND: 'Refund', INQUIRE: 'Inquire' },
  statuses: { SENDING: 'Sending', APPROVED: 'Approved', DECLINED: 'Declined', UNKNOWN: 'Unknown', NOT_SENT: 'Not sent', REVERSED: 'Reversed', ABSENT: 'No original' },
  code: (code) => `answer ${code}`,
  approval: (number) => `approval ${number}`,
  sends: (n) => `sent ${n}×`,
  late: (answer) => `Late answer: ${answer}`,
};

/** The unknown desk. */
export const unsettled: ConsoleMessages['unsettled'] = {
  label: 'Unsettled payments',
  emptyTitle: 'Nothing is unsettled',
  emptyText: 'The outcome of every payment and cancel is known.',
  columns: { since: 'Since', age: 'Age', merchant: 'Merchant', payment: 'Order', phase: 'Phase', kind: 'Message', amount: 'Amount', card: 'Card', tries: 'Tries', due: 'Next try' },
  age: (seconds) => (seconds < 60 ? `${seconds} s` : seconds < 3600 ? `${Math.floor(seconds / 60)} min` : seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`),
  inHand: 'In hand',
  phases: { SENDING: 'Sending', REVERSE: 'Reversing', UNDO: 'Undoing', REPEAT: 'Repeating the cancel', OPERATOR: 'Needs you' },
  phaseHints: {
    SENDING: 'The acquirer has not answered yet. Past the deadline it is reversed automatically.',
    REVERSE: 'The outcome is not known, so reversals are sent until one is answered.',
    UNDO: 'It turned out to be approved and is being cancelled.',
    REPEAT: 'The outcome of the cancel is not known, so the same cancel is sent again.',
    OPERATOR: 'Every automatic deadline has passed. Ask the acquirer and settle it.',
  },
  reversalUntil: 'Reversals until',
  deadline: 'Automatic until',
  proof: 'Answers to inquiries',
  proofs: { SENDING: 'No answer yet', UNKNOWN: 'Unknown', ABSENT: 'No such payment', APPROVED: 'Approved', DECLINED: 'Declined', REVERSED: 'Reversed' },
  acts: { INQUIRE: 'Ask the acquirer', RUN: 'Run the next step', RESOLVE_DONE: 'Settle as approved', RESOLVE_ABORTED: 'Settle as not approved' },
  actTexts: {
    INQUIRE: 'Asks the acquirer now. Only what the answer proves is changed.',
    RUN: 'Does now what the worker would do next: reverse, cancel or repeat.',
    RESOLVE_DONE: 'Asks the acquirer once more and settles as approved when that is proven.',
    RESOLVE_ABORTED: 'Asks the acquirer once more and settles as not approved when it is proven that no money moved.',
  },
  acted: { INQUIRE: 'The acquirer answered', RUN: 'The next step ran', RESOLVE_DONE: 'Settled as approved', RESOLVE_ABORTED: 'Settled as not approved' },
  reasons: {
    ANSWER_AWAITED: 'The answer is still awaited.',
    BEING_SETTLED: 'It is being settled right now.',
    NO_INQUIRY: 'This acquirer takes no inquiries.',
    REVERSAL_UNDERWAY: 'A reversal is under way.',
    CANCEL: 'Cancels end by being repeated.',
  },
  settled: 'The outcome is known. There is nothing left to do.',
  toPayment: 'Show the payment',
};
