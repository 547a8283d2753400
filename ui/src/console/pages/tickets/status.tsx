import type { JSX } from 'preact';
import { Badge, type Tone } from '../../../shared/design/parts';
import { c } from '../../../shared/i18n/console/console';
import type { Ticket } from '../../api-office';

const TONES: Record<Ticket['status'], Tone> = { OPEN: 'warn', ANSWERED: 'ok', CLOSED: 'plain' };

/** Whose turn it is. */
export const TicketStatus = ({ status }: { status: Ticket['status'] }): JSX.Element => <Badge tone={TONES[status]}>{c().tickets.statuses[status]}</Badge>;
