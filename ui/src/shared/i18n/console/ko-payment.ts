/** The unknown desk. */
export const unsettled = {
  label: '미확정 거래',
  emptyTitle: '미확정 거래가 없어요',
  emptyText: '모든 결제와 취소의 결과가 확인됐어요.',
  columns: { since: '발생', merchant: '가맹점', payment: '결제', phase: '단계', tries: '시도', due: '다음 시도' },
  phases: { SENDING: '전송 중', REVERSE: '망취소 중', UNDO: '되돌리는 중', REPEAT: '취소 재시도', OPERATOR: '확인 필요' },
  phaseHints: {
    SENDING: '매입사의 답을 기다리고 있어요. 기한이 지나면 자동으로 망취소해요.',
    REVERSE: '결과를 알 수 없어서 망취소를 보내고 있어요. 끝날 때까지 자동으로 되풀이해요.',
    UNDO: '승인된 것으로 확인돼서 취소하고 있어요.',
    REPEAT: '취소 결과를 알 수 없어서 같은 취소를 다시 보내고 있어요.',
    OPERATOR: '자동 처리 기한이 지났어요. 매입사에 조회해서 결과를 정해 주세요.',
  },
  cancel: '취소',
  only: '가맹점 ID',
};
