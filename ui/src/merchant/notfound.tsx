import type { JSX } from 'preact';
import { Button } from '../shared/design/controls';
import { Page } from '../shared/design/page';
import { EmptyState } from '../shared/design/states';
import { t } from '../shared/i18n/i18n';
import { href } from '../shared/router/router';

/** At an address where this installation has no screen. */
export function NotFound(): JSX.Element {
  return (
    <Page title={t().error.notFoundTitle} up="/">
      <EmptyState picture="search" title={t().error.notFoundTitle} text={t().error.notFoundText}>
        <Button kind="tint" href={href('/')}>
          {t().error.toHome}
        </Button>
      </EmptyState>
    </Page>
  );
}
