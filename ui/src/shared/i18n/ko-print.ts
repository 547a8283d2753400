// Words of printing that stand on receipts and on home; those of the sheet and of the settings are in ko-printer.ts.

export const print = {
  button: '출력',
  again: '다시 출력 (사본)',
  working: '출력하는 중',
  done: '영수증을 출력했어요',
  doneCopy: '사본을 출력했어요',
  unopened: '인터넷에 연결되어 있는지 확인하고 다시 눌러 주세요.',
  failedNews: '영수증을 출력하지 못했어요.',
  unsureNews: '영수증이 출력됐는지 확인해 주세요.',
  chip: '프린터 연결',
  connecting: '연결 중',
  unconnected: '연결 안 됨',
  setting: '모바일 프린터',
  settingOn: '사용함',
  settingOff: '사용 안 함',
  kinds: {
    serial: '블루투스 프린터',
    bluetooth: '블루투스 LE 프린터',
    usb: 'USB 프린터',
    cable: '시리얼 프린터',
    server: '네트워크 프린터',
    system: '기기 인쇄 창',
    share: '그림으로 공유',
  },
};
