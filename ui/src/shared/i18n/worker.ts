// The few sentences of the service worker, which loads without the app's tables: what it
// shows of a push it cannot read. The server writes all others.

export const unreadable = {
  ko: { title: 'INNOPAY', body: '결제 소식이 있어요. 눌러서 확인해 주세요.' },
  en: { title: 'INNOPAY', body: 'There is news of a payment. Press to see it.' },
};
