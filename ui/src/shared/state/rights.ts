import { computed } from '@preact/signals';
import { isOwner, session } from './session';

/** What somebody may do beyond what everybody of the shop may. */
export interface Rights {
  discount: boolean;
  cancel: boolean;
  /** The most the cancels of one payment may come to, in won; 0: as much as there is. */
  cancelLimit: number;
  editProducts: boolean;
  /** Everybody's sales of every day, settlements and the close of day. */
  viewSales: boolean;
}

const ALL: Rights = { discount: true, cancel: true, cancelLimit: 0, editProducts: true, viewSales: true };
/** What is shown while the server said nothing: it refuses by itself what may not be. */
const UNSAID: Rights = { ...ALL, editProducts: false, viewSales: false };

/** The rights of whoever is logged in, as the server said them at the login. */
export const rights = computed<Rights>(() => (isOwner.value ? ALL : (session.value?.permissions ?? UNSAID)));
