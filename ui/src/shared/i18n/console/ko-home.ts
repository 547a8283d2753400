import { grouped } from '../../money/money';

/** Health and alarms. */
export const home = {
  statuses: { OK: '모두 정상이에요', WARN: '살펴볼 것이 있어요', FAIL: '문제가 있어요' },
  short: { OK: '정상', WARN: '주의', FAIL: '문제' },
  seen: '확인한 시각',
  waiting: (n: number) => `자동 처리 기한이 지난 거래가 ${grouped(n)}건 있어요.`,
  toDesk: '처리하기',
  alarms: (n: number) => (n > 0 ? `알림 ${grouped(n)}건` : '알림'),
  noAlarms: '지금 울린 알림이 없어요.',
  severities: { WARNING: '주의', CRITICAL: '긴급' },
  times: (n: number) => `${grouped(n)}번`,
  acknowledge: '확인',
  acknowledged: '확인함',
  acknowledgedNow: '알림을 확인했어요',
  areas: {
    WORKER: '작업자',
    QUEUE: '대기열',
    ADAPTER: '연결',
    TRUNK: '전화 회선',
    DATABASE: '데이터베이스',
    BACKUP: '백업',
    KEY: '암호화 키',
    CERTIFICATE: '인증서',
    AUDIT: '감사 기록',
  },
  values: { depth: '대기', age: '경과', failures: '실패', size: '크기', free: '여유', left: '남음' },
};
