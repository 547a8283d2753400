import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Session } from '../api/types';
import { Button } from '../design/controls';
import { t } from '../i18n/i18n';
import { NotChosen, offerPasskeys, openWithPasskey, passkeysHere } from '../state/passkey';

interface Props {
  busy: boolean;
  /** Takes the session over; the page is busy until it leaves. */
  onOpened: (session: Session) => Promise<void>;
  onBusy: (busy: boolean) => void;
  /** What went wrong, or undefined when it begins anew. */
  onFailure: (failure: unknown) => void;
}

/** Logs in by a passkey: by a press, or among what the browser offers at a field of "username webauthn". Hidden where there can be none. */
export function PasskeyButton({ busy, onOpened, onBusy, onFailure }: Props): JSX.Element | null {
  useEffect(() => {
    const abort = new AbortController();
    void offerPasskeys(abort.signal, onOpened, onFailure);
    return () => abort.abort();
  }, []);
  if (!passkeysHere()) return null;
  const press = async (): Promise<void> => {
    onBusy(true);
    onFailure(undefined);
    try {
      await onOpened(await openWithPasskey());
    } catch (caught) {
      if (!(caught instanceof NotChosen)) onFailure(caught);
      onBusy(false);
    }
  };
  return (
    <Button kind="tint" icon="key" disabled={busy} onPress={() => void press()}>
      {t().login.passkey}
    </Button>
  );
}
