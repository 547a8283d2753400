import type { components, operations } from './schema';

type Schemas = components['schemas'];

export type Session = Schemas['Session'];
export type OwnSessions = Schemas['OwnSessions'];
export type OwnSession = Schemas['OwnSession'];
export type Merchant = Schemas['Merchant'];
export type Settings = Schemas['Settings'];
export type StaffMember = Schemas['StaffMember'];
export type StaffRights = Schemas['StaffPermissions'];
export type ImportReport = Schemas['ImportReport'];
export type Installments = Schemas['Installments'];
export type Category = Schemas['Category'];
export type Product = Schemas['Product'];
export type Item = Schemas['Item'];
export type Payment = Schemas['Payment'];
export type PaymentStatus = Payment['status'];
export type Channel = Payment['channel'];
export type Cancel = Schemas['Cancel'];
/** The conditions of the history and its totals. */
export type PaymentQuery = NonNullable<operations['summarizePayments']['parameters']['query']>;
export type PaymentRequest = Schemas['PaymentRequest'];
export type CancelRequest = Schemas['CancelRequest'];
export type Signature = Schemas['Signature'];
export type FixedBuyer = Schemas['FixedBuyer'];
export type Summary = Schemas['Summary'];
export type Timeline = Schemas['Timeline'];
export type Step = Schemas['Step'];
export type Settling = Schemas['Settling'];
export type ProductBody = Schemas['ProductRequest'];
