import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { invites, type Invite } from '../../../shared/api/join';
import { Button, Chips } from '../../../shared/design/controls';
import { Skeleton } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { ErrorState, FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { j } from '../../../shared/i18n/join';
import { useLoad } from '../../../shared/state/load';
import { give } from '../../give';
import { untilText } from '../../until';
import { QrCode } from '../requests/qr';
import './invites.css';

const USES = ['1', '3', '5', '10', '20'] as const;
type Uses = (typeof USES)[number];

/** The shop's code and the invites that work, each to be sent, shown or taken back. */
export function Invites(): JSX.Element {
  const m = j().invite;
  const load = useLoad(invites.list, 'invites');
  const [making, setMaking] = useState(false);
  const list = load.data;
  return (
    <section class="setting invites" aria-label={m.title}>
      <h2>{m.title}</h2>
      <p class="field-hint">{m.text}</p>
      {list ? (
        <>
          <p class="invite-shop">
            {m.shopCode} <strong>{list.merchantCode}</strong>
          </p>
          {list.invites.map((each) => (
            <Row key={each.id} invite={each} onDone={load.reload} />
          ))}
          <Button kind="tint" icon="plus" wide onPress={() => setMaking(true)}>
            {m.make}
          </Button>
        </>
      ) : load.failure === undefined ? (
        <Skeleton shape="row" count={2} />
      ) : (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      )}
      {making && (
        <MakeSheet
          onClose={() => setMaking(false)}
          onDone={() => {
            setMaking(false);
            load.reload();
          }}
        />
      )}
    </section>
  );
}

/** A code in two halves, as it is read out. */
const halves = (code: string): string => `${code.slice(0, 4)} ${code.slice(4)}`;

function Row({ invite, onDone }: { invite: Invite; onDone: () => void }): JSX.Element {
  const m = j().invite;
  const [open, setOpen] = useState<'' | 'qr' | 'byHand'>('');
  const [failure, setFailure] = useState<unknown>();
  const share = async (): Promise<void> => {
    const given = await give({ title: m.shareTitle, url: invite.url });
    if (given === 'copied') toast(m.copied);
    if (given === 'byHand') setOpen('byHand');
  };
  const revoke = (): void => {
    setFailure(undefined);
    invites.revoke(invite.id).then(() => {
      toast(m.revoked);
      onDone();
    }, setFailure);
  };
  return (
    <div class="invite" role="group" aria-label={m.code(invite.code)}>
      <p class="invite-code">{halves(invite.code)}</p>
      <p class="field-hint">
        {m.left(invite.used, invite.uses)} · {m.until(untilText(invite.expiresAt))}
      </p>
      <FailureNotice failure={failure} />
      <div class="setting-acts">
        <Button kind="tint" icon="share" onPress={() => void share()}>
          {m.share}
        </Button>
        <Button icon="qr" onPress={() => setOpen('qr')}>
          {m.qr}
        </Button>
        <Button kind="bad" icon="close" onPress={revoke}>
          {m.revoke}
        </Button>
      </div>
      <Sheet title={m.shareTitle} open={open !== ''} onClose={() => setOpen('')}>
        <div class="stack">
          {open === 'qr' ? (
            <>
              <QrCode text={invite.url} label={m.qrLabel} />
              <p>{m.qrText}</p>
            </>
          ) : (
            <>
              <p>{m.byHand}</p>
              <p class="invite-url">{invite.url}</p>
            </>
          )}
        </div>
      </Sheet>
    </div>
  );
}

function MakeSheet({ onClose, onDone }: { onClose: () => void; onDone: () => void }): JSX.Element {
  const m = j().invite;
  const [uses, setUses] = useState<Uses>('1');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const make = (): void => {
    setBusy(true);
    invites.make(Number(uses)).then(
      () => {
        toast(m.made);
        onDone();
      },
      (cause: unknown) => {
        setFailure(cause);
        setBusy(false);
      },
    );
  };
  return (
    <Sheet title={m.uses} open onClose={onClose}>
      <div class="stack">
        <Chips label={m.uses} value={uses} onChange={setUses} wrap options={USES.map((value) => ({ value, text: m.usesOption(Number(value)) }))} />
        <FailureNotice failure={failure} />
        <Button kind="primary" disabled={busy} onPress={make}>
          {m.make}
        </Button>
      </div>
    </Sheet>
  );
}
