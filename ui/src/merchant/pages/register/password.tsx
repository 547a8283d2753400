import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Field } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { t } from '../../../shared/i18n/i18n';
import { j } from '../../../shared/i18n/join';
import type { StepProps } from './codes';
import { strength } from './draft';
import { StepForm, useSending } from './step';

/** Characters that a password of staff needs at least. */
const LEAST = 10;

interface PasswordProps extends StepProps {
  password: string;
  onPassword: (password: string) => void;
}

/** The password, with how it looks; the server judges it when it is handed in. */
export function PasswordStep({ draft, change, password, onPassword }: PasswordProps): JSX.Element {
  const m = j().register;
  const sending = useSending();
  const [shown, setShown] = useState(false);
  const score = strength(password, LEAST);
  return (
    <StepForm question={m.password} act={m.next} ready={score > 0} sending={sending} onSubmit={() => change({ step: 'terms' })}>
      {/* For the keeper of passwords, which asks whose it is. */}
      <input class="unseen" type="text" name="username" autocomplete="username" value={draft.loginId} readOnly tabIndex={-1} aria-hidden="true" />
      <Field
        label={m.passwordLabel}
        name="new-password"
        type={shown ? 'text' : 'password'}
        autocomplete="new-password"
        value={password}
        onInput={onPassword}
        maxLength={128}
        autoFocus
        suffix={
          <button type="button" class="icon-button" aria-pressed={shown} aria-label={shown ? t().login.hide : t().login.show} onClick={() => setShown(!shown)}>
            <Icon name={shown ? 'shut' : 'eye'} />
          </button>
        }
      />
      <div>
        <div class={`meter meter-${score}`} aria-hidden="true">
          <span />
          <span />
          <span />
        </div>
        <p class="join-hint" role="status" aria-label={m.strengthLabel}>
          {password === '' ? '' : m.strength[score]}
        </p>
      </div>
      <ul class="join-rules">
        {m.passwordRules(LEAST).map((rule) => (
          <li key={rule}>{rule}</li>
        ))}
      </ul>
    </StepForm>
  );
}
