/** Payments over all merchants. */
export const payments = {
  columns: { at: '일시', merchant: '가맹점', status: '상태', amount: '금액', balance: '남은 금액', channel: '방법', card: '카드', approval: '승인번호', order: '주문명' },
  filters: { q: '승인번호·주문번호·ID', status: '상태', channel: '방법', minAmount: '최소 금액', maxAmount: '최대 금액' },
  facts: { id: '결제 ID', orderId: '주문번호', terminal: '단말기', buyer: '구매자', approvedAt: '승인 일시' },
  emptyTitle: '찾는 결제가 없어요',
  emptyText: '번호는 전체를 입력해야 찾을 수 있어요. 승인번호와 RRN은 기간도 확인해 주세요.',
  all: '모든 결제 보기',
  inquire: '매입사에 조회',
  inquireText: '이 결제를 어떻게 알고 있는지 매입사에 물어봐요. 결과를 모르던 결제라면 답이 증명하는 만큼만 바뀌어요.',
  inquired: '매입사가 답했어요',
  answers: {
    UNKNOWN: '매입사의 답으로는 결과를 알 수 없어요. 잠시 뒤 다시 조회해 주세요.',
    ABSENT: '매입사에 이 거래가 없대요. 한 번의 답만으로는 증명되지 않아요.',
    APPROVED: '매입사에 승인으로 남아 있어요.',
    DECLINED: '매입사가 거절한 거래예요.',
    REVERSED: '매입사에서 되돌려진 거래예요.',
  },
  toDesk: '미확정 처리',
  ledger: '원장',
  ledgerColumns: { day: '영업일', event: '사건', account: '계정' },
  told: '알림과 영수증',
  audit: '감사 기록',
};

/** Messages to the acquirer. */
export const attempts = {
  title: '전문',
  kinds: { AUTHORIZE: '승인', REVERSE: '망취소', VOID: '당일취소', REFUND: '환불', INQUIRE: '조회' },
  statuses: { SENDING: '전송 중', APPROVED: '승인', DECLINED: '거절', UNKNOWN: '모름', NOT_SENT: '보내지 않음', REVERSED: '되돌림', ABSENT: '원거래 없음' },
  code: (code: string) => `응답 ${code}`,
  approval: (number: string) => `승인 ${number}`,
  sends: (n: number) => `${n}회 전송`,
  late: (answer: string) => `늦은 답: ${answer}`,
};

/** The unknown desk. */
export const unsettled = {
  label: '미확정 거래',
  emptyTitle: '미확정 거래가 없어요',
  emptyText: '모든 결제와 취소의 결과가 확인됐어요.',
  columns: { since: '발생', age: '경과', merchant: '가맹점', payment: '주문명', phase: '단계', kind: '전문', amount: '금액', card: '카드', tries: '시도', due: '다음 시도' },
  age: (seconds: number) => (seconds < 60 ? `${seconds}초` : seconds < 3600 ? `${Math.floor(seconds / 60)}분` : seconds < 86_400 ? `${Math.floor(seconds / 3600)}시간` : `${Math.floor(seconds / 86_400)}일`),
  inHand: '처리 중',
  phases: { SENDING: '전송 중', REVERSE: '망취소 중', UNDO: '되돌리는 중', REPEAT: '취소 재시도', OPERATOR: '확인 필요' },
  phaseHints: {
    SENDING: '매입사의 답을 기다리고 있어요. 기한이 지나면 자동으로 망취소해요.',
    REVERSE: '결과를 알 수 없어서 망취소를 보내고 있어요. 끝날 때까지 자동으로 되풀이해요.',
    UNDO: '승인된 것으로 확인돼서 취소하고 있어요.',
    REPEAT: '취소 결과를 알 수 없어서 같은 취소를 다시 보내고 있어요.',
    OPERATOR: '자동 처리 기한이 지났어요. 매입사에 조회해서 결과를 정해 주세요.',
  },
  reversalUntil: '망취소 기한',
  deadline: '자동 처리 기한',
  proof: '조회한 답',
  proofs: { SENDING: '답을 기다려요', UNKNOWN: '알 수 없음', ABSENT: '거래 없음', APPROVED: '승인됨', DECLINED: '거절됨', REVERSED: '되돌려짐' },
  acts: { INQUIRE: '매입사에 조회', RUN: '다음 단계 실행', RESOLVE_DONE: '승인으로 정하기', RESOLVE_ABORTED: '승인 안 됨으로 정하기' },
  actTexts: {
    INQUIRE: '지금 매입사에 이 거래를 물어봐요. 답이 증명하는 만큼만 바뀌어요.',
    RUN: '자동 처리가 다음에 할 일(망취소, 취소, 재시도)을 지금 해요.',
    RESOLVE_DONE: '매입사에 한 번 더 조회해서 승인이 증명되면 결제를 승인으로 정해요.',
    RESOLVE_ABORTED: '매입사에 한 번 더 조회해서 돈이 움직이지 않은 것이 증명되면 승인 안 됨으로 정해요.',
  },
  acted: { INQUIRE: '매입사가 답했어요', RUN: '다음 단계를 실행했어요', RESOLVE_DONE: '승인으로 정했어요', RESOLVE_ABORTED: '승인 안 됨으로 정했어요' },
  reasons: {
    ANSWER_AWAITED: '아직 매입사의 답을 기다리고 있어요.',
    BEING_SETTLED: '지금 처리하고 있어요.',
    NO_INQUIRY: '이 매입사는 조회를 받지 않아요.',
    REVERSAL_UNDERWAY: '망취소가 끝나지 않았어요.',
    CANCEL: '취소는 같은 취소를 되풀이해서 끝내요.',
  },
  settled: '결과가 확인됐어요. 더 할 일이 없어요.',
  toPayment: '결제 보기',
};
