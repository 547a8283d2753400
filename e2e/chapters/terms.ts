import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { enterConsole } from '../support/console';
import { journey } from '../support/world';

describe('terms', () => {
  test(
    'an operator writes the next version, whose draft outlives a reload, sees what it changes, and publishes it to the app',
    journey({ width: 1280, height: 900 }, async ({ page }, demo) => {
      const added = `소식은 한 달에 한 번만 보내요 (${Date.now().toString(36)}).`;
      await enterConsole(page, demo, '/console/terms/new?kind=marketing');
      const body = page.getByRole('textbox', { name: '본문' });
      await body.waitFor();
      const before = await body.inputValue();
      await page.getByLabel('바뀐 점').fill('보내는 횟수를 더했어요.');
      await body.fill(`${before}\n- ${added}\n`);
      const preview = page.getByRole('region', { name: '미리 보기' });
      await preview.getByText(added).waitFor();
      await preview.getByText(/더한 줄 [1-9]/).waitFor();
      await page.getByText('이 브라우저에 초안을 저장했어요', { exact: false }).waitFor();
      await page.waitForFunction((text) => Object.values({ ...localStorage }).some((kept) => String(kept).includes(text)), added);
      await page.reload();
      await body.waitFor();
      assert.equal(await body.inputValue(), `${before}\n- ${added}\n`);

      await page.getByRole('button', { name: '게시하기' }).click();
      const sure = page.getByRole('dialog');
      // Nobody who answered is asked again about what is optional.
      await sure.getByText('한 번도 답하지 않은 사람에게만', { exact: false }).waitFor();
      const version = Number(/(\d+)판/.exec((await sure.getByRole('heading').innerText()) || '')?.[1]);
      assert.ok(version > 1, String(version));
      await sure.getByRole('button', { name: '게시하기' }).click();
      const beside = page.getByRole('complementary');
      await beside.getByText('보내는 횟수를 더했어요.').waitFor();
      await beside.getByText(added).waitFor();

      await page.goto('/app/terms/marketing');
      await page.getByText(`${version}판`, { exact: false }).waitFor();
      await page.getByText(added).waitFor();
    }),
  );
});
