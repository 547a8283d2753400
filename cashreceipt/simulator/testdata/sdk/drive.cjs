// Drives the simulator with Popbill's own SDK, so that the shapes are theirs. The SDK
// knows only Popbill's hosts and https; its calls are led to the simulator by replacing
// https.request, without a change to the SDK.
// Usage: node drive.cjs HOST PORT LINKID SECRET CORP TRADEDT. Prints one JSON object a step.
const http = require('http');
const https = require('https');

const [host, port, linkId, secret, corp, tradeDT] = process.argv.slice(2);
const hosts = new Set();
https.request = (options, then) => {
  hosts.add(options.host);
  return http.request({ ...options, host, port, protocol: 'http:' }, then);
};
const popbill = require('popbill');

const service = (key) => {
  const Service = require('popbill/lib/CashbillService');
  return new Service({ LinkID: linkId, SecretKey: key, IsTest: true, UseLocalTimeYN: true, IPRestrictOnOff: true });
};

const bill = (mgtKey, identityNum) => ({
  mgtKey,
  tradeDT,
  tradeType: '승인거래',
  tradeUsage: '소득공제용',
  tradeOpt: '일반',
  taxationType: '과세',
  totalAmount: '11000',
  supplyCost: '10000',
  tax: '1000',
  serviceFee: '0',
  franchiseCorpNum: corp,
  franchiseCorpName: '시험 상점',
  franchiseCEOName: '시험',
  franchiseAddr: '서울',
  franchiseTEL: '0212345678',
  identityNum,
  itemName: '뷁 상품',
  orderNumber: 'order-1',
  smssendYN: false,
});

async function step(name, call) {
  const result = await new Promise((done) => {
    const late = setTimeout(() => done({ error: { message: 'no answer' } }), 10000);
    const end = (value) => {
      clearTimeout(late);
      done(value);
    };
    call(
      (ok) => end({ ok }),
      (error) => end({ error: { code: error.code, message: error.message } }),
    );
  });
  console.log(JSON.stringify({ name, ...result }));
  return result.ok;
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function main() {
  popbill.config({ LinkID: linkId, SecretKey: secret, IsTest: true });
  const s = service(secret);
  await step('free', (ok, no) => s.checkMgtKeyInUse(corp, 'sdk-1', '', ok, no));
  const issued = await step('issue', (ok, no) => s.registIssue(corp, bill('sdk-1', '01012345678'), '메모', '', '', ok, no));
  await step('again', (ok, no) => s.registIssue(corp, bill('sdk-1', '01012345678'), '', '', '', ok, no));
  await step('used', (ok, no) => s.checkMgtKeyInUse(corp, 'sdk-1', '', ok, no));
  await step('blocked', (ok, no) => s.registIssue(corp, bill('sdk-2', '01012348888'), '', '', '', ok, no));
  for (let tries = 0; tries < 50; tries++) {
    const info = await step('info', (ok, no) => s.getInfo(corp, 'sdk-1', '', ok, no));
    if (info?.stateCode === 304) break;
    await wait(50);
  }
  await step('detail', (ok, no) => s.getDetailInfo(corp, 'sdk-1', '', ok, no));
  const revoke = (key, part, amounts, ok, no) =>
    s.revokeRegistIssue(corp, key, issued?.confirmNum, issued?.tradeDate, false, '', '', part, 1, ...amounts, '', tradeDT, ok, no);
  await step('part', (ok, no) => revoke('sdk-3', true, ['1000', '100', '0', '1100'], ok, no));
  await step('above', (ok, no) => revoke('sdk-4', true, ['10000', '1000', '0', '11000'], ok, no));
  await step('canceled', (ok, no) => s.getDetailInfo(corp, 'sdk-3', '', ok, no));
  await step('absent', (ok, no) => s.getInfo(corp, 'sdk-9', '', ok, no));
  await step('stranger', (ok, no) => service('Z3Vlc3M=').getInfo(corp, 'sdk-1', '', ok, no));
  console.log(JSON.stringify({ name: 'hosts', ok: [...hosts].sort() }));
}

main();
