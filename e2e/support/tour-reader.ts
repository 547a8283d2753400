import type { Page } from 'playwright-core';
import type { Visit } from './tour';

/** The reader of this device: none, chosen, tested, without its device; and back to none. */
export async function readerTour(page: Page, visit: Visit): Promise<void> {
  await page.goto('/app/settings/reader');
  await page.getByRole('heading', { name: '리더기를 쓰지 않아요' }).waitFor();
  await visit('reader-none');
  await page.getByRole('button', { name: /^가상 리더기/ }).click();
  await page.getByText('넉넉해요').waitFor();
  await visit('reader');
  await page.getByRole('button', { name: '시험 긁기' }).click();
  await page.getByText('카드를 긁어 주세요. 결제되지 않아요.').waitFor();
  await visit('reader-test');
  await page.getByRole('button', { name: '카드 긁기' }).click();
  await page.getByRole('radio', { name: '암호화 안 함' }).click();
  await page.getByRole('button', { name: /승인돼요/ }).click();
  await page.getByRole('heading', { name: '카드를 읽었어요' }).waitFor();
  await visit('reader-tested');
  await page.getByRole('button', { name: /^키보드 리더기/ }).click();
  await page.getByText('확인할 수 없음').waitFor();
  await visit('reader-keyboard');
  await page.getByRole('button', { name: '리더기 없이 쓰기' }).click();
  await page.getByRole('heading', { name: '리더기를 쓰지 않아요' }).waitFor();
}
