import type { Page } from 'playwright-core';
import { settled } from './browser';
import { approved, enterAmount, keyIn, logIn, openCancel, sign, withSettings } from './acts';
import type { Demo } from './demo';
import { askedTour } from './tour-requests';
import { cashTour } from './tour-cash';
import { outsideTour, peopleTour, startTour } from './tour-registration';
import { readerTour } from './tour-reader';
import { printingTour } from './tour-printing';
import { salesTour } from './tour-sales';
import { goodsTour, heldTour } from './tour-goods';
import { consoleTour } from './tour-console';
import { guideTour } from './tour-guide';
import { developerTour } from './tour-developers';

export type Visit = (name: string) => Promise<void>;

/** Opens every screen of the app in each of its states, with its sheets open, and visits it. */
export async function tour(page: Page, demo: Demo, look: Visit): Promise<void> {
  const visit: Visit = async (name) => {
    await settled(page);
    await look(name);
  };
  await entrance(page, demo, visit);
  await askingByPhone(page, visit);
  await asking(page, visit);
  await askedTour(page, demo, visit);
  await cashTour(page, visit);
  await payment(page, demo, visit);
  await afterwards(page, demo, visit);
  await shelves(page, demo, visit);
  await printingTour(page, demo, visit);
  await peopleTour(page, visit);
  await goodsTour(page, demo, visit);
  await salesTour(page, visit);
  await guideTour(page, visit);
  await developerTour(page, visit);
  await outcomes(page, demo, visit);
  await consoleTour(page, demo, visit);
}

async function entrance(page: Page, demo: Demo, visit: Visit): Promise<void> {
  const merchant = demo.merchant('MIXED');
  await page.goto('/app/login');
  await page.getByRole('button', { name: '로그인' }).waitFor();
  await visit('login');
  await page.getByRole('button', { name: '비밀번호를 잊으셨나요?' }).click();
  await visit('login-forgotten');
  await page.keyboard.press('Escape');
  await outsideTour(page, visit);
  await startTour(page, demo, visit);
  await logIn(page, merchant);
  await page.locator('a.row').first().waitFor();
  await visit('home');
  if ((page.viewportSize()?.width ?? 0) < 900) {
    await page.getByRole('button', { name: '전체' }).click();
    await visit('home-menu');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '메뉴 열기' }).click();
    await visit('home-slide-menu');
    await page.keyboard.press('Escape');
  }
}

/** The form of a request, up to its button. */
async function asking(page: Page, visit: Visit): Promise<void> {
  await page.goto('/app/pay/sms');
  await page.getByRole('button', { name: '+5만' }).click();
  await visit('sms-amount');
  await page.getByRole('button', { name: '50,000원 받는 사람 입력' }).click();
  await page.getByLabel('휴대폰 번호').fill('010 0000');
  await page.getByLabel('구매자 이름').fill('구매자 1');
  await visit('sms-buyer-wrong');
  await page.getByRole('radio', { name: '직접' }).click();
  await page.getByLabel('결제 마감').fill('2020-01-01T09:00');
  await visit('sms-expiry-wrong');
  await page.getByRole('radio', { name: '1시간' }).click();
  await page.getByLabel('휴대폰 번호').fill('010 0000 0001');
  await page.locator('.preview-size').waitFor();
  await visit('sms-buyer');
}

async function payment(page: Page, demo: Demo, visit: Visit): Promise<void> {
  await page.goto('/app/pay/card');
  await page.getByRole('button', { name: '+1만' }).waitFor();
  await visit('card-amount-empty');
  await page.getByRole('button', { name: /^상품/ }).click();
  await visit('card-product-sheet');
  await page.keyboard.press('Escape');
  await enterAmount(page, 60_000);
  await page.getByLabel('카드번호').waitFor();
  await visit('card-key-in-empty');
  await page.getByRole('button', { name: /할부/ }).click();
  await visit('card-installment-sheet');
  await page.keyboard.press('Escape');
  await page.getByLabel('유효기간').fill('13/29');
  await page.getByLabel('카드번호').fill('1234 5678');
  await page.getByLabel('생년월일').focus();
  await visit('card-key-in-wrong');
  await keyIn(page, demo.card('APPROVE'));
  await visit('card-key-in');
  await page.getByRole('button', { name: '서명하기' }).click();
  await visit('card-sign-empty');
  await sign(page);
  await visit('card-sign');
  await page.getByRole('button', { name: '60,000원 결제' }).click();
  await approved(page);
  await visit('card-approved');
  const result = page.url();
  await page.goto((await page.getByRole('link', { name: '영수증 보기' }).getAttribute('href')) ?? '');
  await visit('receipt');
  await page.goto(result);
  await approved(page);
}

async function afterwards(page: Page, demo: Demo, visit: Visit): Promise<void> {
  const merchant = demo.merchant('MIXED');
  await page.getByRole('link', { name: '상세 보기' }).click();
  await page.getByText(merchant.name).waitFor();
  await visit('detail');
  const id = /payments\/([^/]+)$/.exec(page.url())?.[1] ?? '';
  await openCancel(page, id);
  await visit('cancel');
  await withSettings(demo, merchant, { shuffleKeypad: true }, async () => {
    const pad = page.getByRole('group', { name: '취소 비밀번호 키패드' });
    // The shop's devices hear of it at once; the field that has the focus asks for it then.
    for (let tries = 0; tries < 50 && (await pad.count()) === 0; tries++) {
      await page.getByLabel('취소 비밀번호', { exact: true }).click();
      await page.waitForTimeout(100);
    }
    await pad.waitFor();
    await visit('cancel-shuffled');
    await pad.getByRole('button', { name: '기호' }).click();
    await visit('cancel-shuffled-signs');
  });
  await page.getByRole('radio', { name: '부분' }).click();
  await page.getByLabel('취소 금액').fill('70000');
  await visit('cancel-too-much');
  await page.getByLabel('취소 금액').fill('10000');
  await page.getByRole('radio', { name: '단순 변심' }).click();
  await page.getByLabel('취소 비밀번호').fill(merchant.cancelPassword);
  await page.getByRole('button', { name: '10,000원 취소' }).click();
  await page.getByRole('heading', { name: '취소했어요' }).waitFor();
  await visit('cancel-slip');
  await page.goto(`/app/payments/${id}`);
  await page.getByRole('heading', { name: '취소 내역' }).waitFor();
  await visit('detail-part-cancelled');
  await receipts(page, demo, id, visit);
  await page.goto('/app/payments?period=month');
  await page.locator('a.row').first().waitFor();
  await visit('history');
  await page.getByRole('button', { name: '상세 조건' }).click();
  await visit('history-conditions');
  await page.keyboard.press('Escape');
  await page.goto('/app/payments?period=custom&q=nothing-like-this');
  await page.getByRole('heading', { name: '조건에 맞는 거래가 없어요' }).waitFor();
  await visit('history-none');
  await page.goto('/app/payments?period=month&minAmount=1000&issuerCode=41');
  await page.getByRole('button', { name: '모두 지우기' }).waitFor();
  await page.locator('a.row').first().waitFor();
  await visit('history-narrowed');
  await page.goto(`/app/payments/${id}`);
  await page.getByRole('button', { name: '번호 보기' }).click();
  await visit('detail-numbers');
  await page.goto('/app/cancel');
  await page.getByRole('heading', { name: '어떤 거래를 취소할까요?' }).waitFor();
  await visit('cancel-kind');
  await page.locator('a.row').first().click();
  await page.getByRole('heading', { name: '취소할 거래 선택' }).waitFor();
  await page.locator('a.row').first().waitFor();
  await visit('cancel-list');
}

/** The buyer's receipt after the part, and after the rest as well; then the merchant's view of it. */
async function receipts(page: Page, demo: Demo, id: string, visit: Visit): Promise<void> {
  const merchant = demo.merchant('MIXED');
  const { receiptUrl } = await demo.api<{ receiptUrl: string }>(merchant, `/v1/payments/${id}`);
  await page.goto(receiptUrl);
  await visit('receipt-part-cancelled');
  await demo.api(merchant, `/v1/payments/${id}/cancel`, { reason: '단순 변심', cancelPassword: merchant.cancelPassword });
  await page.goto(receiptUrl);
  await visit('receipt-cancelled');
  await page.goto(`${receiptUrl}x`);
  await visit('receipt-gone');
  await page.goto('/r');
  await page.getByRole('heading', { name: '영수증 찾기' }).waitFor();
  await visit('receipt-lost');
  await page.goto(`/app/payments/${id}`);
  await page.getByRole('heading', { name: '취소 내역' }).waitFor();
  await visit('detail-cancelled');
  await receiptSheet(page, demo, id, visit);
}

/** The sheet that gives a receipt away, with sendings that came and did not come to their end. */
async function receiptSheet(page: Page, demo: Demo, id: string, visit: Visit): Promise<void> {
  const merchant = demo.merchant('MIXED');
  for (const to of ['01000000007', '01000009999']) await demo.api(merchant, `/v1/payments/${id}/receipts`, { channel: 'SMS', to });
  await page.getByRole('button', { name: '영수증 보내기' }).click();
  await page.getByText('도착하지 않음').waitFor();
  await page.getByText('도착', { exact: true }).waitFor();
  await visit('receipt-sheet');
  for (const [way, name] of [['이메일', 'mail'], ['SNS·기타', 'share'], ['QR', 'qr'], ['파일 저장', 'files']] as const) {
    await page.getByRole('radio', { name: way }).click();
    await visit(`receipt-sheet-${name}`);
  }
  await page.getByRole('button', { name: '보낸 링크 모두 막기' }).click();
  await visit('receipt-sheet-block');
  await page.keyboard.press('Escape');
}

async function shelves(page: Page, demo: Demo, visit: Visit): Promise<void> {
  await page.goto('/app/products');
  await page.getByRole('button', { name: /담기$/ }).first().click();
  await page.getByRole('button', { name: /담기$/ }).nth(2).click();
  await visit('products');
  await page.getByRole('button', { name: '목록으로 보기' }).click();
  await visit('products-list');
  await page.getByRole('button', { name: '바둑판으로 보기' }).click();
  await page.getByRole('button', { name: '결제방법 선택' }).click();
  await visit('products-method-sheet');
  await page.getByRole('link', { name: /원 카드결제$/ }).click();
  await page.getByLabel('카드번호').waitFor();
  await basket(page, visit);
  await page.goto('/app/settings');
  await page.getByRole('switch', { name: '구매자 정보 입력' }).waitFor();
  await visit('settings');
  await page.getByRole('switch', { name: '구매자 정보 입력' }).click();
  await visit('settings-buyer-sheet');
  await page.keyboard.press('Escape');
  await readerTour(page, visit);
  await devices(page, visit);
  await page.goto('/app/merchant');
  await page.getByText(demo.merchant('MIXED').name).waitFor();
  await visit('merchant');
  await page.goto('/app/nowhere');
  await page.getByRole('heading', { level: 2 }).waitFor();
  await visit('not-found');
}

/** Where the person is logged in, and what can be done about it. */
async function devices(page: Page, visit: Visit): Promise<void> {
  await page.goto('/app/settings');
  await page.getByRole('button', { name: /문자로도 알림/ }).click();
  await page.getByLabel('휴대폰 번호').fill('02');
  await page.getByRole('button', { name: '저장', exact: true }).click();
  await visit('settings-text-sheet');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: /기기와 로그인/ }).click();
  await page.getByRole('heading', { name: '이 기기' }).waitFor();
  await visit('settings-devices');
  await page.goto('/app/settings/privacy');
  await page.getByRole('heading', { name: '내 정보' }).waitFor();
  await page.getByRole('switch').first().waitFor();
  await visit('settings-privacy');
  await page.goto('/app/settings/security');
  await page.getByRole('heading', { name: '2단계 인증' }).waitFor();
  await visit('settings-security');
  await page.getByRole('button', { name: /비밀번호 바꾸기/ }).click();
  await page.getByLabel('새 비밀번호').fill('짧아요');
  await page.getByLabel('지금 비밀번호').focus();
  await visit('settings-password');
  await page.keyboard.press('Escape');
}

/** The cart with a line's sheet, emptied at the end: the next payment is an amount. */
async function basket(page: Page, visit: Visit): Promise<void> {
  await page.goto('/app/cart');
  await page.getByRole('button', { name: /할인·메모$/ }).first().click();
  await page.getByLabel('할인 금액').fill('99999999');
  await visit('cart-line-sheet');
  await page.getByLabel('할인 금액').fill('500');
  await page.getByRole('button', { name: '적용' }).click();
  await page.getByText('할인 −500원').waitFor();
  await visit('cart');
  await heldTour(page, visit);
  await page.getByRole('button', { name: '비우기' }).click();
  await page.getByRole('heading', { name: '장바구니가 비어 있어요' }).waitFor();
  await visit('cart-empty');
}

async function outcomes(page: Page, demo: Demo, visit: Visit): Promise<void> {
  await enterAmount(page, 15_000);
  await keyIn(page, demo.card('DECLINE_LIMIT'));
  await page.getByRole('button', { name: '15,000원 결제' }).click();
  await page.getByRole('heading', { name: '승인되지 않았어요' }).waitFor();
  await visit('card-declined');
  await page.getByRole('link', { name: '다른 카드로 결제' }).click();
  // The first reversals get no answer either, so that there is time to look.
  await demo.script([{ on: 'REVERSE', do: 'DROP', times: 2 }]);
  await keyIn(page, demo.card('TIMEOUT'));
  await page.getByRole('button', { name: '15,000원 결제' }).click();
  await page.getByRole('heading', { name: '카드사에 승인을 요청하고 있어요' }).waitFor();
  await visit('card-approving');
  await page.getByRole('heading', { name: '결제 결과를 확인 중이에요' }).waitFor();
  await visit('card-checking');
  // The server goes away for one list: its error state.
  await page.route('**/v1/payments?*', (route) => route.abort('connectionrefused'));
  await page.goto('/app/payments');
  await page.getByRole('heading', { name: '불러오지 못했어요' }).waitFor();
  await visit('history-error');
  await page.unroute('**/v1/payments?*');
}

/** The form of a request that is paid by phone. */
async function askingByPhone(page: Page, visit: Visit): Promise<void> {
  await page.goto('/app/pay/ars');
  await page.getByRole('button', { name: '+5만' }).click();
  await visit('ars-amount');
  await page.getByRole('button', { name: '50,000원 받는 사람 입력' }).click();
  await page.getByLabel('휴대폰 번호').fill('010 0000 0001');
  await page.locator('.preview-size').waitFor();
  await visit('ars-buyer');
}
