import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ApiFailure } from '../../../shared/api/failure';
import { requests, type PayRequest } from '../../../shared/api/requests';
import { Button, Field } from '../../../shared/design/controls';
import { Amount } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { toast } from '../../../shared/design/toast';
import { amountText, t } from '../../../shared/i18n/i18n';
import { digitsOf, groupPhone } from '../../../shared/text/digits';
import { isMobile } from '../../../shared/text/mask';
import { copyText, give, type Gift } from '../../give';
import { RequestFailure } from './failure';
import { lineOf, lineText } from './line';
import { QrCode } from './qr';
import { wordsOf } from './words';

interface ActionsProps {
  request: PayRequest;
  onChange: (request: PayRequest) => void;
  /** Something else happened meanwhile: the request is read again. */
  onStale: () => void;
}

type Open = '' | 'fix' | 'withdraw';

/** What the seller can do with a request that waits. */
export function Actions(props: ActionsProps): JSX.Element {
  const { request, onChange, onStale } = props;
  const m = wordsOf(request.kind);
  const [open, setOpen] = useState<Open>('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const resend = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      onChange(await requests.resend(request.id));
      toast(m.resent);
    } catch (cause) {
      setFailure(cause);
      if (cause instanceof ApiFailure && cause.status === 409) onStale();
    } finally {
      setBusy(false);
    }
  };
  return (
    <section class="actions-box">
      <RequestFailure failure={failure} />
      <div class="actions">
        <Pass request={request} />
        <Button icon="send" disabled={busy} onPress={() => void resend()}>
          {m.resend}
        </Button>
        <Button icon="phone" onPress={() => setOpen('fix')}>
          {m.fix}
        </Button>
        <Button kind="bad" icon="close" onPress={() => setOpen('withdraw')}>
          {m.withdraw}
        </Button>
      </div>
      {open === 'fix' && <FixSheet {...props} onClose={() => setOpen('')} />}
      {open === 'withdraw' && <WithdrawSheet {...props} onClose={() => setOpen('')} />}
    </section>
  );
}

/** What the buyer pays by, as it is given to them beside the text. */
function giftOf(request: PayRequest): Gift | null {
  const title = t().request.shareTitle(request.orderName);
  const line = lineOf(request);
  if (line) return { title, text: lineText(request, line) };
  return request.url ? { title, url: request.url } : null;
}

/** Gives the link, or number and code, another way than by the text. */
function Pass({ request }: { request: PayRequest }): JSX.Element | null {
  const m = wordsOf(request.kind);
  const [open, setOpen] = useState<'' | 'qr' | 'byHand'>('');
  const gift = giftOf(request);
  if (!gift) return null;
  const { url } = request;
  const line = lineOf(request);
  const words = 'url' in gift ? gift.url : gift.text;
  const shut = (): void => setOpen('');
  const copy = async (): Promise<void> => ((await copyText(words)) ? toast(m.copied) : setOpen('byHand'));
  const share = async (): Promise<void> => {
    const given = await give(gift);
    if (given === 'copied') toast(m.copied);
    else if (given === 'byHand') setOpen('byHand');
  };
  return (
    <>
      {line ? (
        <Button icon="call" href={`tel:${line.dial}`}>
          {m.call.try}
        </Button>
      ) : (
        <Button icon="qr" onPress={() => setOpen('qr')}>
          {m.qr}
        </Button>
      )}
      <Button icon="copy" onPress={() => void copy()}>
        {m.copy}
      </Button>
      <Button icon="share" onPress={() => void share()}>
        {m.share}
      </Button>
      {!line && url && (
        <Sheet title={m.qrTitle} open={open === 'qr'} onClose={shut}>
          <QrCode text={url} label={m.qrLabel} />
          <p class="qr-sum">
            <Amount won={request.amount} size="l" />
            <span>{request.orderName}</span>
          </p>
        </Sheet>
      )}
      <Sheet title={m.linkTitle} open={open === 'byHand'} onClose={shut}>
        <p>{m.linkByHand}</p>
        <p class="slip-code by-hand">{words}</p>
      </Sheet>
    </>
  );
}

type SheetProps = ActionsProps & { onClose: () => void };

/** The right number, and what a correction does to the link that was sent. */
function FixSheet({ request, onChange, onStale, onClose }: SheetProps): JSX.Element {
  const m = wordsOf(request.kind);
  const [phone, setPhone] = useState(() => (/^\d+$/.test(request.buyer.phone) ? request.buyer.phone : ''));
  const [left, setLeft] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const said = failure instanceof ApiFailure ? failure.fieldMessage('/phone') : '';
  const whole = isMobile(phone);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setLeft(true);
    if (!whole || busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      onChange(await requests.resend(request.id, phone));
      toast(m.fixed);
      onClose();
    } catch (cause) {
      setFailure(cause);
      setBusy(false);
      if (cause instanceof ApiFailure && cause.status === 409) onStale();
    }
  };
  return (
    <Sheet title={m.fixTitle} open onClose={onClose}>
      <form class="stack" autocomplete="off" onSubmit={(event) => void submit(event)} noValidate>
        <Field label={m.phone} numeric big autoFocus value={groupPhone(phone)} onInput={(text) => setPhone(digitsOf(text, 11))} onLeave={() => setLeft(phone !== '')} bad={said || (left && !whole ? m.phoneWrong : '')} hint={m.fixText} placeholder="010-0000-0000" maxLength={20} />
        {!said && <RequestFailure failure={failure} />}
        <Button kind="primary" type="submit" disabled={!whole || busy}>
          {m.fixSubmit}
        </Button>
      </form>
    </Sheet>
  );
}

/** Asks once more: a withdrawn link cannot be brought back. */
function WithdrawSheet({ request, onChange, onStale, onClose }: SheetProps): JSX.Element {
  const m = wordsOf(request.kind);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const withdraw = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      onChange(await requests.withdraw(request.id));
      toast(m.withdrawn);
      onClose();
    } catch (cause) {
      setFailure(cause);
      setBusy(false);
      // It is being paid, was paid, or ended: the screen below shows which.
      if (cause instanceof ApiFailure && cause.status === 409) onStale();
    }
  };
  return (
    <Sheet title={m.withdrawTitle} open onClose={onClose}>
      <p>{m.withdrawText}</p>
      <RequestFailure failure={failure} />
      <Button kind="danger" disabled={busy} onPress={() => void withdraw()}>
        {m.withdrawSubmit(amountText(request.amount))}
      </Button>
      <Button kind="text" onPress={onClose}>
        {m.withdrawKeep}
      </Button>
    </Sheet>
  );
}
