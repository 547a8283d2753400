import { afterEach, expect, it, vi } from 'vitest';
import { passkeys } from '../src/shared/api/signin';
import type { Session } from '../src/shared/api/types';
import { create, NotChosen, offerPasskeys, openWithPasskey } from '../src/shared/state/passkey';

const buffer = (...values: number[]): ArrayBuffer => Uint8Array.from(values).buffer;

const asked = { challenge: 'one', publicKey: { challenge: '-_8', rpId: 'shop.example', userVerification: 'required' }, expiresAt: '2026-03-02T12:05:00+09:00' };

const credential = {
  id: 'AQI',
  rawId: buffer(1, 2),
  type: 'public-key',
  response: { clientDataJSON: buffer(251, 255), authenticatorData: buffer(3), signature: buffer(4), userHandle: buffer(117), attestationObject: buffer(5) },
};

function browser(methods: Partial<Record<'get' | 'create', unknown>>): void {
  vi.stubGlobal('navigator', { credentials: methods });
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('a login gives the bytes of what was asked, and the answer as WebAuthn writes it', async () => {
  const get = vi.fn().mockResolvedValue(credential);
  browser({ get });
  vi.spyOn(passkeys, 'ask').mockResolvedValue(asked);
  const open = vi.spyOn(passkeys, 'open').mockResolvedValue({ id: 'ses_1' } as Session);
  await openWithPasskey();
  const [{ publicKey }] = get.mock.calls[0] as [{ publicKey: { challenge: ArrayBuffer; rpId: string } }];
  expect([...new Uint8Array(publicKey.challenge)]).toEqual([251, 255]);
  expect(publicKey.rpId).toBe('shop.example');
  expect(open).toHaveBeenCalledWith('one', {
    id: 'AQI',
    rawId: 'AQI',
    type: 'public-key',
    response: { clientDataJSON: '-_8', authenticatorData: 'Aw', signature: 'BA', userHandle: 'dQ' },
    clientExtensionResults: {},
  });
});

it('a passkey is made for the user that was named', async () => {
  const make = vi.fn().mockResolvedValue(credential);
  browser({ create: make });
  const answer = await create({ ...asked, publicKey: { challenge: 'AQ', user: { id: 'dXNy', name: 'a', displayName: 'b' }, excludeCredentials: [{ id: 'AQI', type: 'public-key' }] } });
  const [{ publicKey }] = make.mock.calls[0] as [{ publicKey: { user: { id: ArrayBuffer }; excludeCredentials: { id: ArrayBuffer }[] } }];
  expect([...new Uint8Array(publicKey.user.id)]).toEqual([117, 115, 114]);
  expect([...new Uint8Array(publicKey.excludeCredentials[0]?.id ?? buffer())]).toEqual([1, 2]);
  expect(answer).toMatchObject({ response: { attestationObject: 'BQ' } });
});

it('who closes the window of the browser is told of no mistake', async () => {
  browser({ get: vi.fn().mockRejectedValue(new DOMException('closed', 'NotAllowedError')) });
  vi.spyOn(passkeys, 'ask').mockResolvedValue(asked);
  await expect(openWithPasskey()).rejects.toBeInstanceOf(NotChosen);
});

it('at an address of digits nothing is offered', async () => {
  vi.stubGlobal('PublicKeyCredential', { isConditionalMediationAvailable: () => Promise.resolve(true) });
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('location', { hostname: '127.0.0.1' });
  const ask = vi.spyOn(passkeys, 'ask');
  await offerPasskeys(new AbortController().signal, () => Promise.resolve(), () => undefined);
  expect(ask).not.toHaveBeenCalled();
});
