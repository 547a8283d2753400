import type { Page } from '../shared/api/api';
import { client, take } from '../shared/api/client';
import type { components, operations } from '../shared/api/schema';

type Schemas = components['schemas'];
type Query<O extends keyof operations> = Omit<NonNullable<operations[O]['parameters']['query']>, 'cursor' | 'limit'>;

export type Merchant = Schemas['OperatorMerchant'];
export type MerchantDetails = Omit<Schemas['MerchantCreation'], 'terminals'>;
export type Terminal = Schemas['MerchantTerminal'];
export type ContractState = Schemas['ContractState'];
export type Contract = Schemas['Contract'];
export type ContractChange = Schemas['ContractChange'];
export type Bank = Schemas['Bank'];
export type Approval = Schemas['Approval'];
export type User = Schemas['OperatorUser'];
export type UserSession = Schemas['UserSession'];
export type Sender = Schemas['Sender'];
export type Adapter = Schemas['Adapter'];
export type AdapterTest = Schemas['AdapterTest'];

type Cursor = string | undefined;
const from = (cursor: Cursor): { cursor?: string } => (cursor ? { cursor } : {});
const page = <T>(rows: T[], next: Cursor): Page<T> => (next ? { rows, next } : { rows });
const of = (merchantId: string): { params: { path: { merchantId: string } } } => ({ params: { path: { merchantId } } });

/** Merchants under contract. */
export const merchants = {
  list: async (query: Query<'listMerchants'>, cursor: Cursor, signal: AbortSignal): Promise<Page<Merchant>> => {
    const { merchants: rows, nextCursor } = await take(client.GET('/v1/operator/merchants', { params: { query: { ...query, ...from(cursor) } }, signal }));
    return page(rows, nextCursor);
  },
  get: (merchantId: string, signal?: AbortSignal): Promise<Merchant> => take(client.GET('/v1/operator/merchants/{merchantId}', { ...of(merchantId), ...(signal ? { signal } : {}) })),
  create: (body: MerchantDetails & { terminals: Terminal[] }): Promise<Merchant> => take(client.POST('/v1/operator/merchants', { body })),
  change: (merchantId: string, body: MerchantDetails & { version: number }): Promise<Merchant> => take(client.PUT('/v1/operator/merchants/{merchantId}', { ...of(merchantId), body })),
  setTerminals: (merchantId: string, terminals: Terminal[], version: number): Promise<Merchant> =>
    take(client.PUT('/v1/operator/merchants/{merchantId}/terminals', { ...of(merchantId), body: { terminals, version } })),
  setStatus: async (merchantId: string, status: 'ACTIVE' | 'SUSPENDED' | 'CLOSED', reason: string): Promise<Approval | undefined> =>
    (await take(client.POST('/v1/operator/merchants/{merchantId}/status', { ...of(merchantId), body: { status, reason } }))).approval,
  contract: (merchantId: string, signal: AbortSignal): Promise<ContractState> => take(client.GET('/v1/operator/merchants/{merchantId}/contract', { ...of(merchantId), signal })),
  changeContract: async (merchantId: string, body: ContractChange): Promise<Approval> => (await take(client.PUT('/v1/operator/merchants/{merchantId}/contract', { ...of(merchantId), body }))).approval,
  banks: async (signal: AbortSignal): Promise<Bank[]> => (await take(client.GET('/v1/operator/banks', { signal }))).banks,
};

/** The people of a merchant, where they are logged in, and the numbers it sends from. */
export const people = {
  list: async (merchantId: string, signal: AbortSignal): Promise<User[]> => (await take(client.GET('/v1/operator/merchants/{merchantId}/users', { ...of(merchantId), signal }))).users,
  set: async (merchantId: string, id: string, act: 'enable' | 'disable', reason: string): Promise<void> => {
    const input = { params: { path: { merchantId, id } }, body: { reason } };
    await take(act === 'enable' ? client.POST('/v1/operator/merchants/{merchantId}/users/{id}/enable', input) : client.POST('/v1/operator/merchants/{merchantId}/users/{id}/disable', input));
  },
  resetSecondFactor: (merchantId: string, id: string, reason: string): Promise<Approval> =>
    take(client.POST('/v1/operator/merchants/{merchantId}/users/{id}/reset-second-factor', { params: { path: { merchantId, id } }, body: { reason } })),
  sessions: async (merchantId: string, id: string, signal: AbortSignal): Promise<UserSession[]> =>
    (await take(client.GET('/v1/operator/merchants/{merchantId}/users/{id}/sessions', { params: { path: { merchantId, id } }, signal }))).sessions,
  endSessions: async (merchantId: string, id: string): Promise<void> =>
    void (await take(client.DELETE('/v1/operator/merchants/{merchantId}/users/{id}/sessions', { params: { path: { merchantId, id } } }))),
  senders: async (merchantId: string, signal: AbortSignal): Promise<Sender[]> => (await take(client.GET('/v1/operator/senders/{merchantId}', { ...of(merchantId), signal }))).senders,
  verify: async (merchantId: string, number: string): Promise<void> =>
    void (await take(client.POST('/v1/operator/senders/{merchantId}/{number}/verify', { params: { path: { merchantId, number } } }))),
};

/** What two operators decide together. */
export const approvals = {
  list: async (query: Query<'listApprovals'>, cursor: Cursor, signal: AbortSignal): Promise<Page<Approval>> => {
    const { approvals: rows, nextCursor } = await take(client.GET('/v1/operator/approvals', { params: { query: { ...query, ...from(cursor) } }, signal }));
    return page(rows, nextCursor);
  },
  approve: (id: string): Promise<Approval> => take(client.POST('/v1/operator/approvals/{id}/approve', { params: { path: { id } } })),
  refuse: (id: string, reason: string): Promise<Approval> => take(client.POST('/v1/operator/approvals/{id}/refuse', { params: { path: { id } }, body: { reason } })),
  withdraw: (id: string): Promise<Approval> => take(client.POST('/v1/operator/approvals/{id}/withdraw', { params: { path: { id } } })),
};

/** The operators themselves. */
export const colleagues = {
  list: async (signal: AbortSignal): Promise<User[]> => (await take(client.GET('/v1/operator/operators', { signal }))).operators,
  invite: (body: { loginId: string; name: string; reason: string }): Promise<Approval> => take(client.POST('/v1/operator/operators', { body })),
  set: async (id: string, act: 'enable' | 'disable', reason: string): Promise<Approval | undefined> => {
    const input = { params: { path: { id } }, body: { reason } };
    const answer = await take(act === 'enable' ? client.POST('/v1/operator/operators/{id}/enable', input) : client.POST('/v1/operator/operators/{id}/disable', input));
    return answer.approval;
  },
};

/** What the server speaks to. */
export const adapters = {
  list: async (signal: AbortSignal): Promise<Adapter[]> => (await take(client.GET('/v1/operator/adapters', { signal }))).adapters,
  test: (kind: string, name: string): Promise<AdapterTest> => take(client.POST('/v1/operator/adapters/{kind}/{name}/test', { params: { path: { kind, name } } })),
};

export type IssuedOwner = Schemas['IssuedID'];
export type OwnerDraft = Schemas['OwnerRequest'];
export type MailPreview = Schemas['MailPreview'];

/** Logins that are given to a merchant's owners. */
export const owners = {
  list: async (merchantId: string, signal: AbortSignal): Promise<IssuedOwner[]> => (await take(client.GET('/v1/operator/merchants/{merchantId}/owners', { ...of(merchantId), signal }))).owners,
  preview: (merchantId: string, body: OwnerDraft): Promise<MailPreview> => take(client.POST('/v1/operator/merchants/{merchantId}/owners/preview', { ...of(merchantId), body })),
  issue: (merchantId: string, body: OwnerDraft): Promise<IssuedOwner> => take(client.POST('/v1/operator/merchants/{merchantId}/owners', { ...of(merchantId), body })),
  resend: (merchantId: string, id: string): Promise<IssuedOwner> => take(client.POST('/v1/operator/merchants/{merchantId}/owners/{id}/resend', { params: { path: { merchantId, id } } })),
  withdraw: (merchantId: string, id: string): Promise<IssuedOwner> => take(client.POST('/v1/operator/merchants/{merchantId}/owners/{id}/withdraw', { params: { path: { merchantId, id } } })),
};
