import type { JSX } from 'preact';
import { Button } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { EmptyState } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';

/** A screen of the owner's, opened by somebody who may not: what it is, and whom to ask. */
export function NoRight({ title, up }: { title: string; up: string }): JSX.Element {
  const m = t().rights;
  return (
    <Page title={title} up={up}>
      <EmptyState picture="lock" title={m.noneTitle} text={m.noneText}>
        <Button kind="tint" href={href(up)}>
          {t().common.back}
        </Button>
      </EmptyState>
    </Page>
  );
}
