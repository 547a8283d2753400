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
