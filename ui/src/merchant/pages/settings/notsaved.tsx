import type { JSX } from 'preact';
import { Notice } from '../../../shared/design/parts';
import { FailureNotice } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';
import { SettingsChanged } from '../../own';

/** Why a setting was not saved. */
export function NotSaved({ failure }: { failure: unknown }): JSX.Element | null {
  if (!(failure instanceof SettingsChanged)) return <FailureNotice failure={failure} />;
  return (
    <div role="alert">
      <Notice tone="warn" icon="alert">
        <p>{t().settings.changed}</p>
      </Notice>
    </div>
  );
}
