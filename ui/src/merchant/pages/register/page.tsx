import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { registrations } from '../../../shared/api/join';
import { ApiFailure } from '../../../shared/api/failure';
import { Page } from '../../../shared/design/page';
import { j } from '../../../shared/i18n/join';
import { CodesStep, type StepProps } from './codes';
import { CodeStep } from './code';
import { DoneStep } from './done';
import { codesIn, EMPTY, readDraft, STEPS, writeDraft, type Draft } from './draft';
import { IdStep } from './id';
import { PasswordStep } from './password';
import { TermsStep } from './terms';
import { WhoStep } from './who';
import './register.css';

/** What an opened invite says begins anew; else the draft of this tab goes on. */
function start(): Draft {
  const codes = codesIn(location.hash);
  const draft = readDraft();
  if (!codes) return draft;
  history.replaceState(history.state, '', location.pathname + location.search);
  return draft.inviteCode === codes.inviteCode ? draft : { ...EMPTY, ...codes };
}

/** Staff register here: nobody is logged in yet. One question a screen, kept through a reload, but for the password. */
export default function RegisterPage(): JSX.Element {
  const m = j().register;
  const [draft, setDraft] = useState<Draft>(start);
  const [password, setPassword] = useState('');
  const change = (next: Partial<Draft>): void => setDraft((old) => ({ ...old, ...next }));
  useEffect(() => writeDraft(draft.step === 'codes' && draft.inviteCode === '' ? null : draft), [draft]);
  useEffect(() => {
    if (draft.token === '') return;
    // What ended meanwhile cannot be gone on with.
    registrations.current(draft.token).then(
      ({ status }) => status !== 'OPEN' && change({ step: 'done' }),
      (failure: unknown) => failure instanceof ApiFailure && failure.status === 404 && restart(),
    );
  }, []);
  const restart = (): void => {
    setPassword('');
    setDraft({ ...EMPTY, shopCode: draft.shopCode, inviteCode: draft.inviteCode });
  };
  const props: StepProps = { draft, change, restart };
  const at = STEPS.findIndex((step) => step === draft.step);
  return (
    <Page title={m.title} up="/login">
      <div class="join">
        {at >= 0 && (
          <div class="join-track" role="img" aria-label={m.step(at + 1, STEPS.length)}>
            {STEPS.map((step, i) => (
              <span key={step} class={i <= at ? 'is-past' : ''} />
            ))}
          </div>
        )}
        {draft.step === 'codes' && <CodesStep {...props} />}
        {draft.step === 'who' && <WhoStep {...props} />}
        {draft.step === 'code' && <CodeStep {...props} />}
        {draft.step === 'id' && <IdStep {...props} />}
        {draft.step === 'password' && <PasswordStep {...props} password={password} onPassword={setPassword} />}
        {draft.step === 'terms' && <TermsStep {...props} password={password} />}
        {draft.step === 'done' && <DoneStep {...props} />}
      </div>
    </Page>
  );
}
