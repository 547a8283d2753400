import type { JSX } from 'preact';
import { Button } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { EmptyState } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';
import { salesWords } from '../../../shared/i18n/sales-words';
import { href } from '../../../shared/router/router';

/** A screen for whoever sees all sales, opened by somebody who does not. */
export function NoSales({ title }: { title: string }): JSX.Element {
  return (
    <Page title={title} up="/sales">
      <EmptyState picture="lock" title={t().rights.noneTitle} text={salesWords().noRightText}>
        <Button kind="tint" href={href('/sales')}>
          {t().common.back}
        </Button>
      </EmptyState>
    </Page>
  );
}
