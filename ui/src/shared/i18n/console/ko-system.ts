import { grouped } from '../../money/money';

/** The audit. */
export const audit = {
  columns: { at: '일시', action: '행위', actor: '행위자', subject: '대상', merchant: '가맹점' },
  record: '기록번호',
  detail: '내용',
  check: '기록 검사',
  checkText: '기록이 서로 이어져 있는지, 고치거나 지운 것이 없는지 처음부터 확인해요.',
  checked: '기록을 검사했어요',
  chainWhole: (n: number) => `기록 ${grouped(n)}개가 모두 온전해요.`,
  chainBroken: (n: number) => `고치거나 지운 흔적이 ${grouped(n)}곳 있어요. 기록을 보존하고 보안 담당자에게 알려 주세요.`,
  chainRange: (from: number, to: number, head: number) => `${grouped(from)}번부터 ${grouped(to)}번까지, 마지막은 ${grouped(head)}번`,
  export: '파일로 받기',
  exportText: '지금 조건에 맞는 기록을 CSV 파일로 받아요. 받은 사실도 기록에 남아요.',
  exporting: '파일을 만들고 있어요',
  emptyTitle: '찾는 기록이 없어요',
};
