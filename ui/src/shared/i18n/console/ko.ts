import { grouped } from '../../money/money';
import { attempts, payments, unsettled } from './ko-payment';
import { home } from './ko-home';
import { adapters, approvals, contract, merchants, operators, people } from './ko-merchant';
import { interest, interestImport, notices, scopes, terms, termsDiff, termsNew, tickets } from './ko-office';
import { owners } from './ko-owner';
import { risk } from './ko-risk';
import { personal } from './ko-personal';
import { audit } from './ko-system';
import { deliveries, receipts } from './ko-traffic';
import { volume } from './ko-volume';

/** Every sentence that only the operators' console says, in Korean. */
export const ko = {
  login: {
    title: '운영자 콘솔',
    next: '다음',
    submit: '로그인',
    second: (loginId: string) => `${loginId} 님, 인증 앱을 열어 주세요.`,
    code: '인증 코드',
    codeHint: '6자리를 모두 입력하면 바로 로그인해요.',
    other: '다른 아이디로 로그인',
    help: '15분 동안 쓰지 않으면 자동으로 로그아웃돼요.',
  },
  idle: {
    title: (seconds: number) => `${seconds}초 뒤에 로그아웃돼요`,
    text: '오래 쓰지 않아서 곧 로그인이 풀려요. 입력하던 내용은 그대로 있어요.',
    stay: '계속 쓰기',
  },
  frame: {
    console: '콘솔',
    search: '결제 찾기',
    searchHint: '승인번호, 주문번호, 결제·추적 ID',
    logout: '로그아웃',
  },
  nav: {
    groups: { watch: '모니터링', trade: '거래', shops: '가맹점', office: '안내·문의', system: '시스템' },
    pages: { home: '현황', merchants: '가맹점', newMerchant: '가맹점 등록', merchant: '가맹점', approvals: '승인', operators: '운영자', adapters: '연결', unsettled: '미확정 거래', payments: '결제', requests: '결제 요청', deliveries: '문자·메일', receipts: '현금영수증', audit: '감사 기록', tickets: '문의', notices: '공지', newNotice: '공지 쓰기', notice: '공지 고치기', interest: '무이자 행사', interestImport: '무이자 행사 가져오기', terms: '약관', newTerms: '약관 새 판', termsDiff: '약관 비교', risk: '위험 관리', newOwner: '대표 아이디 발급', account: '내 로그인', personal: '개인정보' },
  },
  help: {
    title: '단축키',
    search: '결제 찾기',
    walk: '아래 줄, 위 줄 (화살표도 돼요)',
    open: '고른 줄 열기',
    close: '닫기',
    help: '단축키 보기',
    go: (page: string) => `${page} 화면으로`,
  },
  table: {
    count: (n: number) => `${grouped(n)}건`,
    countMore: (n: number) => `${grouped(n)}건까지 봤어요`,
    more: '더 보기',
  },
  filter: {
    label: '조건',
    active: '적용한 조건',
    from: '시작일',
    to: '종료일',
    merchantId: '가맹점 ID',
    emptyText: '조건을 바꿔서 다시 찾아보세요.',
    any: '전체',
    clear: '조건 모두 지우기',
    drop: (name: string) => `${name} 조건 지우기`,
  },
  act: {
    reason: '사유',
    reasonHint: '감사 기록에 남아요. 고객의 개인정보는 적지 마세요.',
    copy: (what: string) => `${what} 복사`,
    copied: (what: string) => `${what} 복사했어요`,
    refresh: '새로 고침',
  },
  payments,
  attempts,
  unsettled,
  deliveries,
  receipts,
  audit,
  personal,
  home,
  merchants,
  contract,
  people,
  operators,
  approvals,
  adapters,
  scopes,
  notices,
  interest,
  interestImport,
  tickets,
  terms,
  termsDiff,
  termsNew,
  owners,
  risk,
  volume,
};

/** The shape every language must fill. */
export type ConsoleMessages = typeof ko;
