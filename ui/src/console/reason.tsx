import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button, Field } from '../shared/design/controls';
import { Sheet } from '../shared/design/sheet';
import { FailureNotice } from '../shared/design/states';
import { c } from '../shared/i18n/console/console';
import { t } from '../shared/i18n/i18n';

interface ReasonProps {
  /** What is about to be done. */
  title: string;
  open: boolean;
  /** The verb on the button. */
  act: string;
  danger?: boolean;
  /** False for acts that need no reason. */
  asks?: boolean;
  onClose: () => void;
  /** Does it; what it throws is shown, and the words stay. */
  onAct: (reason: string) => Promise<void>;
  children?: ComponentChildren;
}

/** The most that a reason may be long. */
const MOST = 200;

/** Asks once more before a risky act, and for its reason, which the audit log keeps. */
export function Confirm(props: ReasonProps): JSX.Element {
  const { title, open, act, danger = false, asks = true, onClose, onAct, children } = props;
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => {
    if (!open) setFailure(undefined);
  }, [open]);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy || (asks && reason.trim() === '')) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await onAct(reason.trim());
      setReason('');
    } catch (caught) {
      setFailure(caught);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Sheet title={title} open={open} onClose={onClose}>
      <form class="confirm" onSubmit={(event) => void submit(event)} noValidate>
        {children}
        {asks && <Field label={c().act.reason} value={reason} onInput={setReason} hint={c().act.reasonHint} maxLength={MOST} autoFocus />}
        <FailureNotice failure={failure} />
        <div class="acts">
          <Button kind="soft" onPress={onClose}>
            {t().common.close}
          </Button>
          <Button kind={danger ? 'danger' : 'primary'} type="submit" disabled={busy || (asks && reason.trim() === '')}>
            {act}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
