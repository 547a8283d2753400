import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiFailure } from '../shared/api/failure';
import { receipts, type SendChannel } from '../shared/api/receipts';
import { Button, Chips, Field, Segments } from '../shared/design/controls';
import { Notice } from '../shared/design/parts';
import { Sheet } from '../shared/design/sheet';
import { FailureNotice } from '../shared/design/states';
import { toast } from '../shared/design/toast';
import { locale, t, type Locale } from '../shared/i18n/i18n';
import { useLoad } from '../shared/state/load';
import { isOwner } from '../shared/state/session';
import { digitsOf, groupPhone } from '../shared/text/digits';
import { canShare, copyText, give } from './give';
import { loadMerchant } from './own';
import { QrCode } from './pages/requests/qr';
import { SentLog, useSent } from './receipt-log';
import { fileAt, isSent, isWhole, linkIn, recipientOf, talkAt, waysOf, type Given, type Way } from './receipt-ways';
import './pages/payments/story.css';
import './receipt-sheet.css';

/** One way is chosen, and beneath it stands what that way needs. */
export default function ReceiptSheet({ payment, onClose }: { payment: Given; onClose: () => void }): JSX.Element {
  const m = t().receipt;
  const own = useLoad(loadMerchant, 'own');
  const sent = useSent(payment.id);
  const [way, setWay] = useState<Way>('SMS');
  const [language, setLanguage] = useState<Locale>(locale.value);
  const [url, setUrl] = useState(payment.receiptUrl ?? '');
  const [fixing, setFixing] = useState(0);
  const link = linkIn(url, language);
  const choose = (next: Way): void => {
    setWay(next);
    setFixing(0);
  };
  return (
    <Sheet title={m.title} open onClose={onClose}>
      <div class="receipt-sheet">
        <Chips label={m.way} wrap value={way} onChange={choose} options={waysOf(own.data).map((value) => ({ value, text: m.ways[value] }))} />
        <Segments label={m.language} value={language} onChange={setLanguage} options={(['ko', 'en'] as const).map((value) => ({ value, text: m.languages[value] }))} />
        {isSent(way) ? (
          <SendForm key={`${way} ${fixing}`} payment={payment} way={way} language={language} empty={fixing > 0} onSent={sent.reload} />
        ) : way === 'QR' ? (
          <Told text={m.qrHint}>
            <QrCode text={link} label={m.qrLabel} />
          </Told>
        ) : way === 'TALK' ? (
          <Told text={m.talkHint}>
            <Button kind="primary" icon="share" href={talkAt(url, language)} newTab>
              {m.talk}
            </Button>
          </Told>
        ) : way === 'FILE' ? (
          <Files url={url} language={language} />
        ) : (
          <Link way={way} name={payment.orderName} link={link} />
        )}
        <SentLog
          load={sent}
          onFix={({ channel }) => {
            setWay(channel);
            setFixing((n) => n + 1);
          }}
        />
        {isOwner.value && (
          <Revoke
            paymentId={payment.id}
            onRevoked={(next) => {
              setUrl(next);
              sent.reload();
            }}
          />
        )}
      </div>
    </Sheet>
  );
}

function Told({ text, children }: { text: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="stack">
      {children}
      <p class="small-print">{text}</p>
    </div>
  );
}

interface FormProps {
  payment: Given;
  way: SendChannel;
  language: Locale;
  /** Another recipient than before is wanted. */
  empty: boolean;
  onSent: () => void;
}

/** To whom, and the button; the server sends. */
function SendForm({ payment, way, language, empty, onSent }: FormProps): JSX.Element {
  const m = t().receipt;
  const mail = way === 'EMAIL';
  const [to, setTo] = useState(empty ? '' : recipientOf(way, payment.buyer));
  const [left, setLeft] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  // A number that the server knows need not be typed.
  const known = !mail && !empty ? payment.known : undefined;
  const whole = isWhole(way, to) || (known !== undefined && to === '');
  const said = failure instanceof ApiFailure ? failure.fieldMessage('/to') : '';
  const wait = failure instanceof ApiFailure && failure.status === 429 ? failure.retryAfter : 0;
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setLeft(true);
    if (!whole || busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await receipts.send(payment.id, { channel: way, language, ...(to.trim() ? { to: to.trim() } : {}) });
      toast(m.sent);
      onSent();
    } catch (cause) {
      setFailure(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="stack" autocomplete="off" onSubmit={(event) => void submit(event)} noValidate>
      <Field
        label={mail ? m.email : m.phone}
        numeric={!mail}
        autoFocus={empty}
        value={mail ? to : groupPhone(to)}
        onInput={(text) => setTo(mail ? text : digitsOf(text, 11))}
        onLeave={() => setLeft(to !== '')}
        bad={said || (left && !whole ? (mail ? m.emailWrong : m.phoneWrong) : '')}
        hint={known ? m.knownHint(known) : way === 'KAKAO' ? m.kakaoHint : undefined}
        placeholder={mail ? 'name@example.com' : known ? `010-****-${known}` : '010-0000-0000'}
        maxLength={mail ? 100 : 20}
      />
      {!said && <FailureNotice failure={failure} {...(wait > 0 ? { extra: m.waitFor(wait) } : {})} />}
      <Button kind="primary" icon="send" type="submit" disabled={!whole || busy}>
        {m.send[way]}
      </Button>
    </form>
  );
}

/** The link, by the device's own sheet or by the clipboard. */
function Link({ way, name, link }: { way: 'SHARE' | 'COPY'; name: string; link: string }): JSX.Element {
  const m = t().receipt;
  const [byHand, setByHand] = useState(false);
  const hand = async (): Promise<void> => {
    const given = way === 'SHARE' ? await give({ title: m.shareTitle(name), url: link }) : (await copyText(link)) ? 'copied' : 'byHand';
    if (given === 'copied') toast(m.copied);
    setByHand(given === 'byHand');
  };
  const shares = way === 'SHARE' && canShare();
  return (
    <Told text={way === 'SHARE' && !shares ? m.shareCopies : m.copyHint}>
      <Button kind="primary" icon={shares ? 'share' : 'copy'} onPress={() => void hand()}>
        {shares ? m.share : m.copy}
      </Button>
      {byHand && (
        <Notice tone="warn" icon="copy">
          <p>{m.byHand}</p>
          <p class="slip-code by-hand">{link}</p>
        </Notice>
      )}
    </Told>
  );
}

function Files({ url, language }: { url: string; language: Locale }): JSX.Element {
  const m = t().receipt;
  return (
    <div class="button-row">
      {(['a4', 'roll', 'png'] as const).map((file) => (
        <Button key={file} icon="download" href={fileAt(url, file, language)} newTab>
          {m.files[file]}
        </Button>
      ))}
    </div>
  );
}

/** Asks once more: a blocked link cannot be brought back. */
function Revoke({ paymentId, onRevoked }: { paymentId: string; onRevoked: (url: string) => void }): JSX.Element {
  const m = t().receipt;
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => setFailure(undefined), [sure]);
  const revoke = async (): Promise<void> => {
    setBusy(true);
    try {
      onRevoked(await receipts.revoke(paymentId));
      toast(m.revoked);
      setSure(false);
    } catch (cause) {
      setFailure(cause);
    } finally {
      setBusy(false);
    }
  };
  if (!sure) {
    return (
      <Button kind="text" icon="lock" onPress={() => setSure(true)}>
        {m.revoke}
      </Button>
    );
  }
  return (
    <Notice tone="warn" icon="lock">
      <p>{m.revokeText}</p>
      <FailureNotice failure={failure} />
      <div class="button-row">
        <Button kind="bad" disabled={busy} onPress={() => void revoke()}>
          {m.revokeSubmit}
        </Button>
        <Button onPress={() => setSure(false)}>{m.revokeKeep}</Button>
      </div>
    </Notice>
  );
}
