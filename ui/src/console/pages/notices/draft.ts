import { instantOf, localTime } from '../../../shared/text/day';
import type { Notice, NoticeDraft } from '../../api-office';

/** A notice while it is written. */
export interface Draft {
  merchantId: string;
  merchantName: string;
  role: '' | 'OWNER' | 'STAFF';
  title: string;
  body: string;
  important: boolean;
  /** It begins at from, not at once. */
  later: boolean;
  /** Day and time as their fields take them, by the clock in Seoul. */
  from: string;
  until: string;
}

export const EMPTY: Draft = { merchantId: '', merchantName: '', role: '', title: '', body: '', important: false, later: false, from: '', until: '' };

/** A scheduled notice, to be written anew. */
export const draftOf = ({ merchantId = '', role, title, body, important, from, until }: Notice): Draft => ({
  merchantId,
  merchantName: '',
  role: role ?? '',
  title,
  body,
  important,
  later: true,
  from: localTime(from),
  until: localTime(until),
});

/** What is sent of it; what is empty is absent. */
export function bodyOf({ merchantId, role, title, body, important, later, from, until }: Draft): NoticeDraft {
  return {
    title: title.trim(),
    body: body.trim(),
    important,
    ...(merchantId ? { merchantId } : {}),
    ...(role ? { role } : {}),
    ...(later && from ? { from: instantOf(from) } : {}),
    ...(until ? { until: instantOf(until) } : {}),
  };
}

/** Whether it can be sent. */
export const complete = ({ title, body, later, from }: Draft): boolean => title.trim() !== '' && body.trim() !== '' && (!later || from !== '');
