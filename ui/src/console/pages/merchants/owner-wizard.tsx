import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button, Field, Segments } from '../../../shared/design/controls';
import { Facts, Notice, Skeleton } from '../../../shared/design/parts';
import { ErrorState, FailureNotice } from '../../../shared/design/states';
import { c } from '../../../shared/i18n/console/console';
import { href, matchPath, place } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { merchants, owners, type IssuedOwner, type MailPreview, type OwnerDraft } from '../../api-merchant';
import { badOf, Form } from '../../form';
import { Page, When } from '../../parts';
import { useRefresh } from '../../refresh';
import { mailNodes } from './mail';
import './merchants.css';
import { OwnerStatus, Resend } from './owners';

type Step = 'person' | 'preview' | 'sent';
const STEPS: readonly Step[] = ['person', 'preview', 'sent'];

/** How often the state of what was sent is looked at, in milliseconds. */
const EVERY = 5000;

/** Gives somebody the login of an owner: who it is, the very mail, and what became of it. */
export default function OwnerWizard(): JSX.Element {
  const merchantId = matchPath('/merchants/:id/owners/new', place.value.path)?.['id'] ?? '';
  const load = useLoad((signal) => merchants.get(merchantId, signal), merchantId);
  const [draft, setDraft] = useState<OwnerDraft>({ loginId: '', name: '', email: '', phone: '' });
  const [mail, setMail] = useState<MailPreview>();
  const [issued, setIssued] = useState<IssuedOwner>();
  const m = c().owners;
  const step: Step = issued ? 'sent' : mail ? 'preview' : 'person';
  const again = (): void => {
    setDraft({ loginId: '', name: '', email: '', phone: '' });
    setMail(undefined);
    setIssued(undefined);
  };
  return (
    <Page title={load.data ? `${load.data.name} · ${m.issue}` : m.issue}>
      {!load.data && load.failure !== undefined && <ErrorState failure={load.failure} onRetry={load.reload} />}
      {!load.data && load.failure === undefined && <Skeleton shape="line" count={6} />}
      {load.data && (
        <div class="wizard">
          <ol class="wizard-steps" aria-label={m.stepsLabel}>
            {STEPS.map((each, i) => (
              <li key={each} aria-current={each === step ? 'step' : undefined} class={STEPS.indexOf(step) > i ? 'is-past' : undefined}>
                <span class="wizard-number">{i + 1}</span>
                {m.steps[each]}
              </li>
            ))}
          </ol>
          {step === 'person' && <PersonStep merchantId={merchantId} draft={draft} onDraft={setDraft} onMail={setMail} />}
          {step === 'preview' && mail && <PreviewStep merchantId={merchantId} draft={draft} mail={mail} onChange={() => setMail(undefined)} onIssued={setIssued} />}
          {step === 'sent' && issued && <SentStep merchantId={merchantId} first={issued} onAgain={again} />}
        </div>
      )}
    </Page>
  );
}

const sent = ({ loginId, name, email, phone = '' }: OwnerDraft): OwnerDraft => ({ loginId: loginId.trim(), name: name.trim(), email: email.trim(), ...(phone.trim() ? { phone: phone.trim() } : {}) });

function PersonStep({ merchantId, draft, onDraft, onMail }: { merchantId: string; draft: OwnerDraft; onDraft: (next: OwnerDraft) => void; onMail: (mail: MailPreview) => void }): JSX.Element {
  const m = c().owners;
  const set = (change: Partial<OwnerDraft>): void => onDraft({ ...draft, ...change });
  const ready = [draft.loginId, draft.name, draft.email].every((each) => each.trim() !== '');
  return (
    <Form act={m.toPreview} ready={ready} onSend={async () => onMail(await owners.preview(merchantId, sent(draft)))}>
      {(failure) => (
        <>
          <p class="desk-note">{m.hint}</p>
          <div class="form-grid">
            <Field label={m.name} value={draft.name} onInput={(name) => set({ name })} bad={badOf(failure, '/name')} maxLength={50} autocomplete="off" autoFocus />
            <Field label={m.loginId} hint={m.loginIdHint} value={draft.loginId} onInput={(loginId) => set({ loginId })} bad={badOf(failure, '/loginId')} maxLength={64} />
            <Field label={m.email} hint={m.emailHint} value={draft.email} onInput={(email) => set({ email })} bad={badOf(failure, '/email')} maxLength={200} />
            <Field label={m.phone} optional hint={m.phoneHint} value={draft.phone ?? ''} onInput={(phone) => set({ phone })} bad={badOf(failure, '/phone')} maxLength={20} numeric />
          </div>
        </>
      )}
    </Form>
  );
}

interface PreviewProps {
  merchantId: string;
  draft: OwnerDraft;
  mail: MailPreview;
  onChange: () => void;
  onIssued: (issued: IssuedOwner) => void;
}

function PreviewStep({ merchantId, draft, mail, onChange, onIssued }: PreviewProps): JSX.Element {
  const [plain, setPlain] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const m = c().owners;
  const send = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      onIssued(await owners.issue(merchantId, sent(draft)));
    } catch (caught) {
      setFailure(caught);
      setBusy(false);
    }
  };
  return (
    <section class="wizard-part">
      <p class="desk-note">{m.previewText}</p>
      <Facts
        rows={[
          [m.to, mail.to],
          [m.subject, mail.subject],
        ]}
      />
      <Segments
        label={m.shape}
        options={(['html', 'text'] as const).map((value) => ({ value, text: m.shapes[value] }))}
        value={plain ? 'text' : 'html'}
        onChange={(next) => setPlain(next === 'text')}
      />
      {plain ? (
        <pre class="mail-plain" tabIndex={0} role="region" aria-label={m.mailLabel}>
          {mail.text}
        </pre>
      ) : (
        <Mail html={mail.html} label={m.mailLabel} />
      )}
      <Notice tone="accent" icon="clock">
        <p>{m.expiry}</p>
      </Notice>
      <FailureNotice failure={failure} />
      <div class="acts acts-start">
        <Button kind="primary" disabled={busy} onPress={() => void send()}>
          {m.send}
        </Button>
        <Button kind="soft" disabled={busy} onPress={onChange}>
          {m.change}
        </Button>
      </div>
    </section>
  );
}

/** A mail in a tree of its own, which the page's styles do not reach. */
function Mail({ html, label }: { html: string; label: string }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const root = box.current?.shadowRoot ?? box.current?.attachShadow({ mode: 'open' });
    root?.replaceChildren(mailNodes(html));
  }, [html]);
  return <div class="mail-seen" ref={box} role="region" aria-label={label} tabIndex={0} />;
}

/** What became of it: looked at again while somebody waits. */
function SentStep({ merchantId, first, onAgain }: { merchantId: string; first: IssuedOwner; onAgain: () => void }): JSX.Element {
  const load = useLoad((signal) => owners.list(merchantId, signal), merchantId);
  const m = c().owners;
  const now = load.data?.find(({ id }) => id === first.id) ?? first;
  useRefresh(() => now.status !== 'ACTIVE' && load.reload(), EVERY);
  return (
    <section class="wizard-part">
      <Notice tone="ok" icon="check">
        <p>{m.sentTitle(now.name)}</p>
      </Notice>
      <div class="drawer-hero" role="status">
        <OwnerStatus owner={now} />
        <span>{m.statusHints[now.status]}</span>
      </div>
      {load.failure !== undefined && <FailureNotice failure={load.failure} />}
      <Facts
        rows={[
          [m.columns.name, now.name],
          [m.columns.loginId, now.loginId],
          [m.columns.mail, now.email],
          [m.phone, now.phone],
          [m.columns.mailedAt, <When key="m" at={now.mailedAt} />],
          [m.columns.expiresAt, <When key="e" at={now.expiresAt} />],
          [m.columns.mails, m.times(now.mails)],
        ]}
      />
      {now.status !== 'ACTIVE' && <p class="desk-note">{m.expiry}</p>}
      <div class="acts acts-start">
        {now.status !== 'ACTIVE' && <Resend merchantId={merchantId} owner={now} onChange={load.reload} />}
        <Button kind="soft" onPress={load.reload}>
          {m.refresh}
        </Button>
        <Button kind="soft" href={href(`/merchants/${merchantId}?tab=people`)}>
          {m.toMerchant}
        </Button>
        <Button kind="text" onPress={onAgain}>
          {m.another}
        </Button>
      </div>
    </section>
  );
}
