import type { Page } from 'playwright-core';
import { operate } from './operator';
import type { Demo } from './demo';

type Visit = (name: string) => Promise<void>;

const REGISTRATION = { status: 'OPEN', merchantName: '인페이마트', phoneVerified: false, minimumPassword: 10, expiresAt: '2099-01-01T00:00:00+09:00', codeExpiresAt: '2099-01-01T00:00:00+09:00' };
const TOGETHER = /\/v1\/registrations(\/|$)/;

/** What people see before they are logged in, beside the login itself. */
export async function outsideTour(page: Page, visit: Visit): Promise<void> {
  await page.goto('/app/register#ZZZZZZ-ZZZZZZZZ');
  await page.getByRole('button', { name: '다음' }).click();
  await page.getByText('초대 코드가 맞지 않아요', { exact: false }).waitFor();
  await visit('register-codes-wrong');
  await page.route(TOGETHER, (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path.endsWith('/verify')) return route.request().postData()?.includes('000000') ? route.fulfill({ status: 403, contentType: 'application/problem+json', json: { code: 'PHONE_CODE_WRONG', message: '인증번호가 맞지 않아요. 문자를 다시 확인해 주세요.', triesLeft: '4' } }) : route.fulfill({ status: 204 });
    if (path.endsWith('/login-id')) return route.fulfill({ json: { available: !route.request().postData()?.includes('kim.seller') } });
    if (path.endsWith('/submit')) return route.fulfill({ json: { ...REGISTRATION, status: 'PENDING' } });
    return route.fulfill({ json: { ...REGISTRATION, token: 'tour' } });
  });
  await page.getByRole('button', { name: '다음' }).click();
  await page.getByLabel('이름').fill('김서연');
  await page.getByLabel('휴대폰 번호').fill('01000001234');
  await visit('register-who');
  await page.getByRole('button', { name: '인증번호 받기' }).click();
  await page.getByLabel('인증번호 6자리').fill('000000');
  await page.getByRole('button', { name: '확인' }).click();
  await page.getByText('4번 더', { exact: false }).waitFor();
  await visit('register-code-wrong');
  await page.getByLabel('인증번호 6자리').fill('123456');
  await page.getByRole('button', { name: '확인' }).click();
  await page.getByLabel('아이디').fill('kim.seller');
  await page.getByText('이미 쓰고 있는', { exact: false }).waitFor();
  await visit('register-id-taken');
  await page.getByLabel('아이디').fill('kim.seoyeon');
  await page.getByText('쓸 수 있는 아이디예요').waitFor();
  await visit('register-id');
  await page.getByRole('button', { name: '다음' }).click();
  await page.getByLabel('비밀번호', { exact: true }).fill('brumal-Tock-29');
  await visit('register-password');
  await page.getByRole('button', { name: '다음' }).click();
  await page.getByRole('checkbox', { name: '모두 동의해요' }).click();
  await visit('register-terms');
  await page.getByRole('button', { name: '개인정보 처리방침 내용 보기' }).click();
  await page.getByRole('heading', { name: '2. 보유 기간' }).waitFor();
  await visit('register-terms-sheet');
  await page.keyboard.press('Escape');
  await page.unroute(TOGETHER);
  await page.route(TOGETHER, (route) => route.fulfill({ json: { ...REGISTRATION, status: 'PENDING' } }));
  await page.getByRole('button', { name: '등록 신청' }).click();
  await page.getByRole('heading', { name: '승인을 기다리고 있어요' }).waitFor();
  await visit('register-waiting');
  await page.unroute(TOGETHER);
  await page.goto('/app/terms');
  await page.getByRole('link', { name: /이용약관/ }).first().waitFor();
  await visit('terms');
  await page.goto('/app/terms/service');
  await page.getByRole('heading', { name: '제1조 목적' }).waitFor();
  await visit('terms-service');
  await page.goto('/app/install');
  await page.getByRole('radio', { name: '아이폰·아이패드' }).click();
  await visit('install');
}

/** The page of a mailed link, which runs no script of ours. */
export async function startTour(page: Page, demo: Demo, visit: Visit): Promise<void> {
  const shop = demo.merchant('MIXED');
  const loginId = `tour-${Date.now().toString(36)}`;
  const email = `${loginId}@example.com`;
  await operate(demo, 'POST', `/v1/operator/merchants/${shop.id}/owners`, { loginId, name: '박점주', email, phone: '01000000073' });
  let link = '';
  while (link === '') {
    const { mails } = (await (await fetch(`${demo.file.simulatorUrl}/simulator/mail`)).json()) as { mails: { to: string; text: string }[] };
    link = /https?:\/\/\S+\/start\/\S+/.exec(mails.find(({ to }) => to === email)?.text ?? '')?.[0] ?? '';
  }
  await page.goto(link);
  await visit('start');
  await page.getByRole('button', { name: '인증번호 받기' }).click();
  await page.getByLabel('인증번호 6자리').waitFor();
  await visit('start-code');
}

/** How the owner lets people in, and what a first login asks. */
export async function peopleTour(page: Page, visit: Visit): Promise<void> {
  await page.route(/\/v1\/staff$/, async (route) => {
    const own = (await (await route.fetch()).json()) as { staff: object[] };
    const waits = { id: 'usr_w', name: '김서연', role: 'STAFF', active: false, status: 'PENDING', loginId: 'kim.seoyeon', phone: '010****1234', submittedAt: '2026-03-02T12:00:00+09:00' };
    const out = { id: 'usr_d', name: '이전 직원', role: 'STAFF', active: false, status: 'DISABLED', loginId: 'old.staff' };
    await route.fulfill({ json: { staff: [...own.staff, waits, out] } });
  });
  await page.goto('/app/settings/staff');
  await page.getByRole('button', { name: '초대 만들기' }).click();
  await visit('staff-invite-sheet');
  await page.getByRole('dialog').getByRole('button', { name: '초대 만들기' }).click();
  await page.getByRole('group', { name: /^초대 코드/ }).first().waitFor();
  await visit('staff-waiting');
  await page.getByRole('button', { name: 'QR 보기' }).first().click();
  await visit('staff-invite-qr');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '승인하기' }).click();
  await visit('staff-approve-sheet');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '거절' }).click();
  await visit('staff-refuse-sheet');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '거두기' }).first().click();
  await page.unroute(/\/v1\/staff$/);
  const kinds = [['SERVICE', '이용약관', true], ['PRIVACY', '개인정보 처리방침', true], ['MARKETING', '마케팅 정보 수신 동의', false]] as const;
  await page.route('**/v1/consents', (route) =>
    route.fulfill({ json: { consents: [{}], pending: kinds.map(([kind, title, required]) => ({ kind, title, required, version: 2, effectiveFrom: '2026-03-02', changes: kind === 'SERVICE' ? '제7조에 점검을 미리 알리는 방법을 더했어요.' : undefined })) } }),
  );
  await page.goto('/app/');
  await page.getByRole('dialog', { name: '약관을 확인해 주세요' }).waitFor();
  await visit('terms-asked');
  await page.unroute('**/v1/consents');
}
