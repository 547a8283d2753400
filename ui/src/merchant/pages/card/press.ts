import type { Payment, PaymentRequest } from '../../../shared/api/types';
import { SalePress, type PressPort } from '../../press';

export type PaymentPort = PressPort<PaymentRequest, Payment>;

/** One press of the card page's pay button. */
export class CardPress extends SalePress<PaymentRequest, Payment> {
  constructor(port: PaymentPort, onAnswer: (payment: Payment) => void) {
    super('card', port, onAnswer);
  }
}
