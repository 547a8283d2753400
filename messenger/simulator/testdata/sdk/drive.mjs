// Drives the simulator with Solapi's own SDK, so that the shapes are theirs. The SDK
// decodes lists by its own schemas, and leaves answers to send() unread: those are
// decoded here, by the schema that it exports for them.
// Usage: node drive.mjs URL KEY SECRET. Prints one JSON object a step.
import { Schema } from 'effect';
import { detailGroupMessageResponseSchema, SolapiMessageService } from 'solapi';

const decode = Schema.decodeUnknownSync(detailGroupMessageResponseSchema);

const [url, key, secret] = process.argv.slice(2);
const direct = globalThis.fetch;
globalThis.fetch = (target, init) => direct(String(target).replace('https://api.solapi.com', url), init);

const service = new SolapiMessageService(key, secret);
const from = '02-1234-5678';
const customFields = { messageId: 'msg_sdk' };

async function step(name, act) {
  let result;
  try {
    const ok = await act();
    if (ok.groupInfo) decode(ok);
    result = { ok };
  } catch (error) {
    result = { error: error._tag ?? error.name, code: error.errorCode, status: error.httpStatus, failed: error.failedMessageList, message: error.message };
  }
  console.log(JSON.stringify({ name, ...result }));
  return result.ok;
}

const sms = await step('sms', () => service.send({ to: '010-0000-0001', from, text: '뷁 안녕하세요', customFields }, { showMessageList: true }));
await step('lms', () => service.send({ to: '01000000002', from, text: '긴 문자입니다. '.repeat(20), subject: '제목', autoTypeDetect: true }));
await step('alimtalk', () =>
  service.send({
    to: '01000000003',
    from,
    text: '#{상점}에서 결제를 요청했어요.',
    kakaoOptions: {
      pfId: 'PF01',
      templateId: 'KA01',
      variables: { 상점: '시험상점' },
      buttons: [{ buttonType: 'WL', buttonName: '결제하기', linkMo: 'http://127.0.0.1/p/x' }],
    },
  }),
);
await step('fallback', () => service.send({ to: '01000000004', from, text: '안녕', kakaoOptions: { pfId: 'PF01', templateId: 'UNKNOWN' } }));
await step('some', () =>
  service.send([
    { to: '01000000005', from, text: '하나' },
    { to: '0212345678', from, text: '둘' },
  ]),
);
await step('none', () => service.send({ to: '01000000006', from: '05012345678', text: '안녕' }));
await step('list', () => service.getMessages({ messageId: sms?.messageList?.[0]?.messageId, limit: 5 }));
await step('lists', () => service.getMessages({ to: '01000000003', startDate: new Date(Date.now() - 3600_000) }));
await step('stranger', () => new SolapiMessageService(key, 'guess').send({ to: '01000000001', from, text: '안녕' }));
