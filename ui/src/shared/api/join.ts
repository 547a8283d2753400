import { client, take } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];

export type Terms = Schemas['Terms'];
export type TermsKind = Terms['kind'];
export type TermsText = Schemas['TermsText'];
export type Consent = Schemas['Consent'];
export type ConsentState = Schemas['ConsentState'];
export type ConsentAnswer = Schemas['ConsentAnswer'];
export type Registration = Schemas['Registration'];
export type Invite = Schemas['Invite'];
export type InviteList = Schemas['InviteList'];
export type Approval = Schemas['StaffApproval'];

export const terms = {
  list: async (): Promise<Terms[]> => (await take(client.GET('/v1/terms'))).terms,
  one: (kind: TermsKind): Promise<TermsText> => take(client.GET('/v1/terms/{kind}', { params: { path: { kind } } })),
  asked: (): Promise<ConsentState> => take(client.GET('/v1/consents')),
  answer: (consents: ConsentAnswer[]): Promise<ConsentState> => take(client.POST('/v1/consents', { body: { consents } })),
};

/** Where all that is known of whoever is logged in is downloaded. */
export const personalDataAddress = '/v1/personal-data';

const held = (token: string): { header: { 'Registration-Token': string } } => ({ header: { 'Registration-Token': token } });

/** The way in of staff; whoever has the token goes on with it. */
export const registrations = {
  begin: (merchantCode: string, inviteCode: string): Promise<Registration> => take(client.POST('/v1/registrations', { body: { merchantCode, inviteCode } })),
  current: (token: string): Promise<Registration> => take(client.GET('/v1/registrations/current', { params: held(token) })),
  sendCode: (token: string, name: string, phone: string): Promise<Registration> => take(client.POST('/v1/registrations/current/phone', { params: held(token), body: { name, phone } })),
  verify: async (token: string, code: string): Promise<void> => void (await take(client.POST('/v1/registrations/current/phone/verify', { params: held(token), body: { code } }))),
  idFree: async (token: string, loginId: string): Promise<boolean> => (await take(client.POST('/v1/registrations/current/login-id', { params: held(token), body: { loginId } }))).available,
  submit: (token: string, body: { loginId: string; password: string; consents: ConsentAnswer[] }): Promise<Registration> => take(client.POST('/v1/registrations/current/submit', { params: held(token), body })),
};

export const invites = {
  list: (): Promise<InviteList> => take(client.GET('/v1/invites')),
  make: (uses: number): Promise<Invite> => take(client.POST('/v1/invites', { body: { uses } })),
  revoke: async (id: string): Promise<void> => void (await take(client.DELETE('/v1/invites/{id}', { params: { path: { id } } }))),
};

/** What an owner decides about people. */
export const people = {
  approve: async (id: string, body: Approval): Promise<void> => void (await take(client.POST('/v1/staff/{id}/approve', { params: { path: { id } }, body }))),
  refuse: async (id: string): Promise<void> => void (await take(client.POST('/v1/staff/{id}/refuse', { params: { path: { id } } }))),
  disable: async (id: string): Promise<void> => void (await take(client.POST('/v1/staff/{id}/disable', { params: { path: { id } } }))),
  enable: async (id: string): Promise<void> => void (await take(client.POST('/v1/staff/{id}/enable', { params: { path: { id } } }))),
  logOut: async (id: string): Promise<void> => void (await take(client.DELETE('/v1/staff/{id}/sessions', { params: { path: { id } } }))),
};
