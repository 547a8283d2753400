import { passkeys, type Answer, type Asked } from '../api/signin';
import type { Session } from '../api/types';

/** Browsers bind passkeys to a name; at an address of digits there are none. */
export function passkeysHere(): boolean {
  return 'PublicKeyCredential' in window && window.isSecureContext && !/^[\d.]+$|^\[/.test(location.hostname);
}

function bytes(text: unknown): ArrayBuffer {
  const plain = atob(String(text).replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
}

function text(buffer: ArrayBuffer | null | undefined): string {
  const plain = Array.from(new Uint8Array(buffer ?? new ArrayBuffer(0)), (byte) => String.fromCharCode(byte)).join('');
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

interface Described {
  id: string;
  type: 'public-key';
  transports?: AuthenticatorTransport[];
}

const described = (all: Described[] | undefined): PublicKeyCredentialDescriptor[] => (all ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

function answer(credential: PublicKeyCredential, response: Record<string, string>): Answer {
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} };
}

/** The person closed the browser's window, or it took too long: nothing to complain of. */
export class NotChosen extends Error {
  override readonly name = 'NotChosen';
}

async function chosen(asking: Promise<Credential | null>): Promise<PublicKeyCredential> {
  let credential: Credential | null = null;
  try {
    credential = await asking;
  } catch (cause) {
    if (cause instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(cause.name)) throw new NotChosen();
    throw cause;
  }
  if (!credential) throw new NotChosen();
  return credential as PublicKeyCredential;
}

/** The answer to a login; mediation conditional waits in the list that a field offers. */
async function get(asked: Asked, signal: AbortSignal, mediation?: 'conditional'): Promise<Answer> {
  const options = asked.publicKey as Omit<PublicKeyCredentialRequestOptions, 'challenge' | 'allowCredentials'> & { challenge: string; allowCredentials?: Described[] };
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: described(options.allowCredentials) };
  const credential = await chosen(navigator.credentials.get({ publicKey, signal, ...(mediation ? { mediation } : {}) }));
  const response = credential.response as AuthenticatorAssertionResponse;
  return answer(credential, {
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: text(response.userHandle),
  });
}

/** Makes a passkey on this device, or on one that the person chooses. */
export async function create(asked: Asked): Promise<Answer> {
  const options = asked.publicKey as Omit<PublicKeyCredentialCreationOptions, 'challenge' | 'user' | 'excludeCredentials'> & {
    challenge: string;
    user: { id: string; name: string; displayName: string };
    excludeCredentials?: Described[];
  };
  const publicKey = { ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: described(options.excludeCredentials) };
  const credential = await chosen(navigator.credentials.create({ publicKey }));
  const response = credential.response as AuthenticatorAttestationResponse;
  return answer(credential, { clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject) });
}

let waiting: AbortController | undefined;

/** Has the browser ask for a passkey, and opens a session with it. */
export async function openWithPasskey(): Promise<Session> {
  waiting?.abort();
  const asked = await passkeys.ask();
  return passkeys.open(asked.challenge, await get(asked, new AbortController().signal));
}

/** Before what was asked is too old it is asked again, in milliseconds. */
const ASK_AGAIN = 240_000;

/**
 * Offers passkeys among what the browser fills into the login, where it can. onOpened
 * gets the session when one was taken, onFailed what went wrong then. Ends with signal.
 */
export async function offerPasskeys(signal: AbortSignal, onOpened: (opened: Session) => Promise<void>, onFailed: (cause: unknown) => void): Promise<void> {
  if (!passkeysHere() || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  while (!signal.aborted) {
    const mine = new AbortController();
    waiting = mine;
    const stop = (): void => mine.abort();
    signal.addEventListener('abort', stop, { once: true });
    let again = false;
    const timer = setTimeout(() => {
      again = true;
      mine.abort();
    }, ASK_AGAIN);
    try {
      const asked = await passkeys.ask();
      const taken = await get(asked, mine.signal, 'conditional');
      await onOpened(await passkeys.open(asked.challenge, taken));
      return;
    } catch (cause) {
      if (again) continue;
      if (!(cause instanceof NotChosen) && !signal.aborted) onFailed(cause);
      return;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }
}
