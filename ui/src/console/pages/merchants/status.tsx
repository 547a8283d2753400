import type { JSX } from 'preact';
import { Badge, type Tone } from '../../../shared/design/parts';
import { c } from '../../../shared/i18n/console/console';
import type { Merchant } from '../../api-merchant';

const TONES: Record<Merchant['status'], Tone> = { REVIEW: 'warn', ACTIVE: 'ok', SUSPENDED: 'bad', CLOSED: 'plain' };

export const MerchantStatus = ({ status }: { status: Merchant['status'] }): JSX.Element => <Badge tone={TONES[status]}>{c().merchants.statuses[status]}</Badge>;
