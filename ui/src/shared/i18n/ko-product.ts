import { grouped } from '../money/money';

// Sentences of the owner's products and of carts that wait.

export const held = {
  act: '보류',
  title: '장바구니를 보류할까요?',
  text: '담은 상품을 이 기기에 두고 다음 손님을 받아요. 로그아웃하면 지워져요.',
  name: '이름',
  nameHint: '예: 3번 테이블',
  submit: '보류하기',
  full: (most: number) => `보류는 ${most}개까지 할 수 있어요. 먼저 보류한 장바구니를 불러오거나 지워 주세요.`,
  done: (name: string) => `${name} 보류했어요`,
  list: '보류한 장바구니',
  number: (n: number) => `보류 ${n}번`,
  recall: (name: string) => `${name} 불러오기`,
  recalled: (name: string) => `${name} 불러왔어요`,
  drop: (name: string) => `${name} 지우기`,
  dropped: (name: string) => `${name} 지웠어요`,
  choose: '지금 담긴 상품은 어떻게 할까요?',
  swap: '바꾸기',
  swapHint: '지금 담긴 상품을 보류하고 불러와요',
  merge: '합치기',
  mergeHint: '지금 담긴 상품에 더해요',
  when: (count: number, at: string) => [`${grouped(count)}개`, at],
};

export const camera = {
  open: '카메라로 바코드 찍기',
  title: '바코드 찍기',
  picture: '카메라 화면',
  opening: '카메라를 켜고 있어요',
  hint: '바코드를 네모 안에 맞춰 주세요',
  lightOn: '조명 켜기',
  lightOff: '조명 끄기',
  failed: {
    denied: '카메라를 쓸 수 있는 권한이 없어요.',
    none: '이 기기에서 카메라를 찾지 못했어요. 바코드 번호를 입력해 주세요.',
    busy: '다른 앱이 카메라를 쓰고 있어요. 그 앱을 닫고 다시 시도해 주세요.',
    fetch: '바코드를 읽는 기능을 불러오지 못했어요. 연결을 확인하고 다시 시도해 주세요.',
  },
  allow: '주소창 왼쪽의 자물쇠(설정) 버튼을 눌러 카메라를 허용한 뒤 다시 시도해 주세요. 바코드 번호를 입력해도 돼요.',
  unopened: '인터넷에 연결되어 있는지 확인하고 다시 눌러 주세요.',
  typed: '바코드 번호',
  typedWrong: '바코드는 영문, 숫자, -만 입력할 수 있어요.',
  typedSubmit: '입력',
};
