import { client, take } from './client';
import type { components } from './schema';
import type { Session } from './types';

type Schemas = components['schemas'];

export type Passkey = Schemas['Passkey'];
export type SecondFactor = Schemas['SecondFactor'];
export type SecondFactorSetup = Schemas['SecondFactorSetup'];
export type MailAddress = Schemas['MailAddress'];
/** What the browser is asked; its options are those of WebAuthn. */
export type Asked = Schemas['Asked'];
/** A browser's answer, as WebAuthn writes it in JSON. */
export type Answer = Record<string, unknown>;

export const passkeys = {
  ask: (): Promise<Asked> => take(client.POST('/v1/sessions/passkey/options')),
  open: (challenge: string, credential: Answer): Promise<Session> => take(client.POST('/v1/sessions/passkey', { body: { challenge, credential } })),
  list: async (): Promise<Passkey[]> => (await take(client.GET('/v1/passkeys'))).passkeys,
  askNew: (presentPassword: string): Promise<Asked> => take(client.POST('/v1/passkeys/options', { body: { presentPassword } })),
  add: (challenge: string, name: string, credential: Answer): Promise<Passkey> => take(client.POST('/v1/passkeys', { body: { challenge, name, credential } })),
  rename: (id: string, name: string): Promise<Passkey> => take(client.PUT('/v1/passkeys/{id}', { params: { path: { id } }, body: { name } })),
  remove: async (id: string): Promise<void> => void (await take(client.DELETE('/v1/passkeys/{id}', { params: { path: { id } } }))),
};

export const factor = {
  read: (): Promise<SecondFactor> => take(client.GET('/v1/second-factor')),
  begin: (presentPassword: string): Promise<SecondFactorSetup> => take(client.POST('/v1/second-factor/options', { body: { presentPassword } })),
  confirm: async (challenge: string, code: string): Promise<string[]> => (await take(client.POST('/v1/second-factor', { body: { challenge, code } }))).recoveryCodes,
  disable: async (presentPassword: string, code: string): Promise<void> => void (await take(client.POST('/v1/second-factor/disable', { body: { presentPassword, code } }))),
  renew: async (presentPassword: string, code: string): Promise<string[]> => (await take(client.POST('/v1/second-factor/recovery-codes', { body: { presentPassword, code } }))).recoveryCodes,
};

export const mailAddress = {
  read: (): Promise<MailAddress> => take(client.GET('/v1/mail-address')),
  change: async (presentPassword: string, address: string): Promise<void> => void (await take(client.PUT('/v1/mail-address', { body: { presentPassword, address } }))),
  prove: async (code: string): Promise<void> => void (await take(client.POST('/v1/mail-address/verify', { body: { code } }))),
  remove: async (presentPassword: string): Promise<void> => void (await take(client.POST('/v1/mail-address/remove', { body: { presentPassword } }))),
};

/** Answers the same whether there is such a user or not. */
export async function askReset(loginId: string): Promise<void> {
  await take(client.POST('/v1/password-resets', { body: { loginId } }));
}
