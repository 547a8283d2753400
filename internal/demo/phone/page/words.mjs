// Every sentence of the phone, Korean first.

/** @type {Record<string, string>} */
const KO = {
  title: '가상 휴대전화 · INNOPAY',
  demo: 'INNOPAY 1분 데모',
  hint1: '왼쪽에서 SMS 결제를 요청하세요',
  hint1More: '로그인 정보는 데모를 켠 창에 있어요. 받을 번호는 {0}',
  hint2: '오른쪽 휴대전화에 온 문자를 여세요',
  hint2More: '문자의 링크를 누르면 결제 화면이 열려요',
  hint3: '카드 지갑의 카드로 결제하세요',
  hint3More: '왼쪽 화면이 바로 바뀌어요',
  split: '나란히 보기',
  otherLanguage: 'English',
  seller: '판매자 앱',
  buyer: '구매자 휴대전화',
  whose: '누구의 휴대전화',
  myNumber: '내 번호',
  copyNumber: '내 번호 복사',
  apps: '앱',
  calls: '전화',
  call: '전화 걸기',
  keys: '번호판',
  star: '별표',
  hash: '우물정자',
  dialled: '걸 번호',
  erase: '한 자리 지우기',
  withhold: '내 번호 숨기기',
  recent: '최근 통화',
  noCalls: '아직 건 전화가 없어요',
  lineNumber: '전화 결제 {0}',
  noSuchNumber: '없는 번호예요. 전화 결제 번호로 걸어 주세요.',
  notAnswered: '연결 안 됨',
  pressed: '누른 번호',
  calling: '거는 중',
  callEnded: '통화가 끝났어요',
  callFailed: '전화를 걸지 못했어요',
  hangUp: '끊기',
  pickCard: '카드 지갑으로 누르기',
  pressCard: '고른 카드로 누르기',
  messages: '문자',
  mail: '메일',
  wallet: '카드 지갑',
  printer: '영수증 프린터',
  noPapers: '아직 나온 영수증이 없어요',
  noPapersMore: '판매자 앱에서 영수증을 인쇄하면 여기로 나와요.',
  torn: '덜 나온 영수증',
  drawerOpened: '돈통이 열렸어요',
  back: '뒤로',
  home: '홈 화면',
  close: '닫기',
  unread: '새 소식 {0}개',
  banner: '{0}에서 새 문자가 왔어요',
  bannerMail: '새 메일이 왔어요',
  noMessages: '아직 받은 문자가 없어요',
  noMessagesMore: '판매자 앱에서 {0} 번호로 결제를 요청하면 여기로 와요.',
  noMail: '아직 받은 메일이 없어요',
  noMailMore: '데모가 보내는 메일은 누구에게 가든 여기로 와요.',
  alimtalk: '알림톡',
  sms: '문자',
  lms: '장문 문자',
  to: '받는 사람 {0}',
  letter: '메일 본문',
  browser: '링크로 연 화면',
  reload: '새로고침',
  loading: '불러오는 중',
  cannotOpen: '이 화면은 휴대전화에서 열 수 없어요',
  elsewhere: '이 데모의 주소가 아니라서 열지 않았어요.',
  pick: '카드 지갑에서 채우기',
  picked: '카드 정보를 채웠어요',
  copied: '{0} 복사했어요',
  cannotCopy: '복사하지 못했어요. 보이는 대로 입력해 주세요.',
  walletLead: '시험용 카드예요. 누르면 번호를 복사하고 입력할 내용을 보여 줘요.',
  pickLead: '결제 화면에 채울 카드를 고르세요.',
  number: '카드번호',
  expiry: '유효기간 (월/년)',
  birth: '생년월일 또는 사업자번호',
  password: '비밀번호 앞 2자리',
  copy: '{0} 복사',
  CREDIT: '신용',
  CHECK: '체크',
  GIFT: '기프트',
  testCard: '시험용',
  justNow: '방금',
  minutesAgo: '{0}분 전',
  today: '오늘',
  noConnection: '시뮬레이터에 연결하지 못했어요. 다시 시도하고 있어요.',
  locked: '잠긴 휴대전화예요',
  lockedMore: '데모를 켠 창에 적힌 시뮬레이터 토큰을 넣어 주세요.',
  token: '시뮬레이터 토큰',
  unlock: '휴대전화 열기',
  wrongToken: '토큰이 달라요. 다시 확인해 주세요.',
  failed: '휴대전화를 켜지 못했어요',
  failedMore: '데모가 켜져 있는지 확인하고 다시 시도해 주세요.',
  retry: '다시 시도',
  jumps: '카드 종류로 가기',
  groupAPPROVE: '승인',
  groupDECLINE: '거절',
  groupTROUBLE: '통신 장애',
  groupOTHER: '그 밖의 카드',
  APPROVE: '승인돼요',
  DECLINE: '카드사가 거절해요',
  DECLINE_LIMIT: '한도초과로 거절돼요',
  DECLINE_LOST: '분실 신고된 카드예요',
  DECLINE_EXPIRED: '유효기간이 지났어요',
  DECLINE_NUMBER: '없는 카드번호로 거절돼요',
  DECLINE_AUTHENTICATION: '비밀번호 오류로 거절돼요',
  TIMEOUT: '시간초과: 승인됐지만 답이 안 와요',
  LATE: '늦은 답: 시간이 지난 뒤에 와요',
  DUPLICATE: '같은 답이 두 번 와요',
  GARBAGE: '깨진 답이 와요',
  HALF_CLOSE: '답 없이 연결이 닫혀요',
  RESET: '연결이 갑자기 끊겨요',
  FOREIGN: '다른 거래의 답이 와요',
  WRONG_AMOUNT: '다른 금액의 답이 와요',
  DROP: '요청이 사라져요',
  DELAY: '1.5초 늦게 승인돼요',
  NO_ORIGINAL: '되돌릴 때 원거래가 없다고 해요',
};

/** @type {Record<string, string>} */
const EN = {
  title: 'Virtual phone · INNOPAY',
  demo: 'INNOPAY in one minute',
  hint1: 'On the left, request a payment by SMS',
  hint1More: 'The logins stand in the window that runs the demo. Send it to {0}',
  hint2: 'On the right, open the text that arrives',
  hint2More: 'Its link opens the payment page',
  hint3: 'Pay with a card of the wallet',
  hint3More: 'The left screen changes at once',
  split: 'Side by side',
  otherLanguage: '한국어',
  seller: 'Seller’s app',
  buyer: 'Buyer’s phone',
  whose: 'Whose phone',
  myNumber: 'My number',
  copyNumber: 'Copy my number',
  apps: 'Apps',
  calls: 'Calls',
  call: 'Call',
  keys: 'Keypad',
  star: 'Star',
  hash: 'Hash',
  dialled: 'Number to call',
  erase: 'Erase one digit',
  withhold: 'Hide my number',
  recent: 'Recent calls',
  noCalls: 'No calls yet',
  lineNumber: 'Pay by phone {0}',
  noSuchNumber: 'There is no such number. Call the line that takes payments.',
  notAnswered: 'Not connected',
  pressed: 'Keys pressed',
  calling: 'Calling',
  callEnded: 'Call ended',
  callFailed: 'The call could not be made',
  hangUp: 'Hang up',
  pickCard: 'Key in from the wallet',
  pressCard: 'Key in the chosen card',
  messages: 'Messages',
  mail: 'Mail',
  wallet: 'Card wallet',
  printer: 'Receipt printer',
  noPapers: 'No receipt has come out yet',
  noPapersMore: 'Print a receipt in the seller app and it comes out here.',
  torn: 'Not whole',
  drawerOpened: 'Cash drawer opened',
  back: 'Back',
  home: 'Home screen',
  close: 'Close',
  unread: '{0} new',
  banner: 'New message from {0}',
  bannerMail: 'New mail',
  noMessages: 'No messages yet',
  noMessagesMore: 'Request a payment from {0} in the seller’s app, and it arrives here.',
  noMail: 'No mail yet',
  noMailMore: 'Every mail that the demo sends arrives here.',
  alimtalk: 'AlimTalk',
  sms: 'Text message',
  lms: 'Long text message',
  to: 'To {0}',
  letter: 'Mail',
  browser: 'Page opened from a link',
  reload: 'Reload',
  loading: 'Loading',
  cannotOpen: 'The phone cannot open this page',
  elsewhere: 'Not opened: the address is not of this demo.',
  pick: 'Fill from the card wallet',
  picked: 'Card filled in',
  copied: '{0} copied',
  cannotCopy: 'Could not copy. Please type what you see.',
  walletLead: 'These are test cards. A tap copies the number and shows what to type.',
  pickLead: 'Choose a card for the payment page.',
  number: 'Card number',
  expiry: 'Expiry (month/year)',
  birth: 'Birth date or business number',
  password: 'First 2 digits of the password',
  copy: 'Copy {0}',
  CREDIT: 'Credit',
  CHECK: 'Debit',
  GIFT: 'Gift',
  testCard: 'Test',
  justNow: 'Just now',
  minutesAgo: '{0} min ago',
  today: 'Today',
  noConnection: 'The simulator does not answer. Trying again.',
  locked: 'This phone is locked',
  lockedMore: 'Enter the simulator token from the window that runs the demo.',
  token: 'Simulator token',
  unlock: 'Unlock the phone',
  wrongToken: 'That is not the token. Please check it.',
  failed: 'The phone did not start',
  failedMore: 'See that the demo runs, then try again.',
  retry: 'Try again',
  jumps: 'Go to the kind of card',
  groupAPPROVE: 'Approved',
  groupDECLINE: 'Declined',
  groupTROUBLE: 'Line trouble',
  groupOTHER: 'Other cards',
  APPROVE: 'Is approved',
  DECLINE: 'The issuer declines',
  DECLINE_LIMIT: 'Over the limit',
  DECLINE_LOST: 'Reported lost',
  DECLINE_EXPIRED: 'Expired',
  DECLINE_NUMBER: 'No such number',
  DECLINE_AUTHENTICATION: 'Wrong password',
  TIMEOUT: 'Time-out: approved, but no answer',
  LATE: 'The answer comes too late',
  DUPLICATE: 'The answer comes twice',
  GARBAGE: 'A broken answer',
  HALF_CLOSE: 'Closed without an answer',
  RESET: 'The line breaks',
  FOREIGN: 'Another payment’s answer',
  WRONG_AMOUNT: 'An answer with another amount',
  DROP: 'The request is lost',
  DELAY: 'Approved after 1.5 seconds',
  NO_ORIGINAL: 'The reversal is told there was nothing',
};

export const english = new URLSearchParams(location.search).get('lang') === 'en';
const table = english ? EN : KO;

/**
 * The sentence in the page's language, with its gaps filled.
 * @param {string} key
 * @param {...(string | number)} values
 */
export function say(key, ...values) {
  return (table[key] ?? key).replace(/\{(\d)\}/g, (_, at) => String(values[at] ?? ''));
}

/** @param {string} key */
export const known = (key) => key in table;

const locale = english ? 'en-GB' : 'ko-KR';
const zone = { timeZone: 'Asia/Seoul' };
const day = new Intl.DateTimeFormat('sv-SE', zone);
const clock = new Intl.DateTimeFormat('en-GB', { ...zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const date = new Intl.DateTimeFormat(locale, { ...zone, month: 'long', day: 'numeric', weekday: 'long' });
const shortDate = new Intl.DateTimeFormat(locale, { ...zone, month: 'long', day: 'numeric' });

/** @param {Date} at */
export const clockOf = (at) => clock.format(at);
/** @param {Date} at */
export const dateOf = (at) => date.format(at);

/**
 * A time as people say it.
 * @param {string} at
 * @param {Date} now
 */
export function when(at, now) {
  const then = new Date(at);
  const minutes = Math.floor((now.getTime() - then.getTime()) / 60_000);
  if (minutes < 1) return say('justNow');
  if (minutes < 60) return say('minutesAgo', minutes);
  if (day.format(then) === day.format(now)) return `${say('today')} ${clock.format(then)}`;
  return `${shortDate.format(then)} ${clock.format(then)}`;
}

/**
 * A telephone number in its groups.
 * @param {string} number
 */
export function telephone(number) {
  const mobile = /^(01\d)(\d{3,4})(\d{4})$/.exec(number);
  if (mobile) return `${mobile[1]}-${mobile[2]}-${mobile[3]}`;
  const short = /^(1\d{3})(\d{4})$/.exec(number) ?? /^(02|0\d{2})(\d{3,4}\d{4})$/.exec(number);
  if (!short) return number;
  const rest = short[2] ?? '';
  return rest.length > 4 ? `${short[1]}-${rest.slice(0, -4)}-${rest.slice(-4)}` : `${short[1]}-${rest}`;
}

/**
 * A card number in its groups.
 * @param {string} number
 */
export function grouped(number) {
  const groups = number.length === 15 || number.length === 14 ? /^(\d{4})(\d{6})(\d+)$/.exec(number)?.slice(1) : number.match(/\d{1,4}/g);
  return (groups ?? [number]).join(' ');
}
