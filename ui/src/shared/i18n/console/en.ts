import { many } from '../en-words';
import { attempts, payments, unsettled } from './en-payment';
import { home } from './en-home';
import { adapters, approvals, contract, merchants, operators, people } from './en-merchant';
import { interest, interestImport, notices, scopes, terms, termsDiff, termsNew, tickets } from './en-office';
import { owners } from './en-owner';
import { risk } from './en-risk';
import { personal } from './en-personal';
import { audit } from './en-system';
import { deliveries, receipts } from './en-traffic';
import { volume } from './en-volume';
import type { ConsoleMessages } from './ko';

/** Every sentence that only the operators' console says, in English. */
export const en: ConsoleMessages = {
  login: {
    title: 'Operator console',
    next: 'Next',
    submit: 'Log in',
    second: (loginId) => `${loginId}, open your authenticator app.`,
    code: 'Code',
    codeHint: 'You are logged in as soon as all six digits are there.',
    other: 'Use another login ID',
    help: 'You are logged out after 15 minutes without use.',
  },
  idle: {
    title: (seconds) => `Logging out in ${seconds} s`,
    text: 'The console was not used for a while. What you typed stays where it is.',
    stay: 'Stay logged in',
  },
  frame: {
    console: 'Console',
    search: 'Find a payment',
    searchHint: 'Approval no., order no., payment or trace ID',
    logout: 'Log out',
  },
  nav: {
    groups: { watch: 'Watch', trade: 'Payments', shops: 'Merchants', office: 'Help and news', system: 'System' },
    pages: { home: 'Health', merchants: 'Merchants', newMerchant: 'New merchant', merchant: 'Merchant', approvals: 'Approvals', operators: 'Operators', adapters: 'Connections', unsettled: 'Unsettled', payments: 'Payments', requests: 'Payment requests', deliveries: 'Texts and mails', receipts: 'Cash receipts', audit: 'Audit', tickets: 'Tickets', notices: 'Notices', newNotice: 'New notice', notice: 'Edit notice', interest: 'Interest-free events', interestImport: 'Import interest-free events', terms: 'Terms', newTerms: 'Next version of terms', termsDiff: 'Terms compared', risk: 'Risk', newOwner: 'Issue an owner login', account: 'My login', personal: 'Personal data' },
  },
  help: {
    title: 'Keyboard shortcuts',
    search: 'Find a payment',
    walk: 'Next row, previous row (arrows too)',
    open: 'Open the row',
    close: 'Close',
    help: 'Show the shortcuts',
    go: (page) => `Go to ${page}`,
  },
  table: {
    count: (n) => many(n, 'row'),
    countMore: (n) => `The first ${many(n, 'row')}`,
    more: 'Show more',
  },
  filter: {
    label: 'Conditions',
    active: 'Active conditions',
    from: 'From',
    to: 'To',
    merchantId: 'Merchant ID',
    emptyText: 'Change the conditions and look again.',
    any: 'All',
    clear: 'Clear all conditions',
    drop: (name) => `Clear ${name}`,
  },
  act: {
    reason: 'Reason',
    reasonHint: 'It stays in the audit log. Leave out personal data.',
    copy: (what) => `Copy ${what}`,
    copied: (what) => `Copied ${what}`,
    refresh: 'Refresh',
  },
  payments,
  attempts,
  unsettled,
  deliveries,
  receipts,
  audit,
  personal,
  home,
  merchants,
  contract,
  people,
  operators,
  approvals,
  adapters,
  scopes,
  notices,
  interest,
  interestImport,
  tickets,
  terms,
  termsDiff,
  termsNew,
  owners,
  risk,
  volume,
};
