import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { merchants, owners, type IssuedOwner, type Merchant } from '../src/console/api-merchant';
import { mailNodes } from '../src/console/pages/merchants/mail';
import { Owners } from '../src/console/pages/merchants/owners';
import OwnerWizard from '../src/console/pages/merchants/owner-wizard';
import { ApiFailure } from '../src/shared/api/failure';
import { navigate } from '../src/shared/router/router';

const ISSUED: IssuedOwner = { id: 'usr_9', loginId: 'owner', name: '박점주', email: 'ow***@example.com', status: 'SENT', mails: 1, mailedAt: '2028-02-29T01:00:00Z', expiresAt: '2028-03-03T01:00:00Z' };
const MAIL = { to: 'owner@example.com', subject: '점주 계정을 시작해 주세요', text: '박점주님, 안녕하세요.', html: '<body style="margin:0;color:rgb(1, 2, 3)"><h1 style="font-size:22px">박점주님</h1><a href="https://x/start/...">시작하기</a></body>' };

let root: HTMLElement;
const settle = (): Promise<void> => act(async () => void (await new Promise((done) => setTimeout(done, 0))));
async function type(name: string, text: string): Promise<void> {
  const label = [...root.querySelectorAll('label')].find((each) => each.textContent?.startsWith(name))!;
  const input = root.querySelector<HTMLInputElement>(`#${CSS.escape(label.htmlFor)}`)!;
  await act(() => {
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
}
async function press(name: string): Promise<void> {
  const button = [...root.querySelectorAll('button')].find((each) => each.textContent?.trim() === name)!;
  await act(() => (button.type === 'submit' ? button.form!.requestSubmit() : button.click()));
  await settle();
}

beforeEach(() => {
  document.body.innerHTML = '<div id="root"></div>';
  root = document.getElementById('root')!;
  navigate('/merchants/mer_1/owners/new', { replace: true });
  vi.spyOn(merchants, 'get').mockResolvedValue({ id: 'mer_1', name: '은하수 식당' } as Merchant);
});
afterEach(() => {
  act(() => render(null, root));
  vi.restoreAllMocks();
});

describe('the wizard of owners', () => {
  test('goes from who it is over the very mail to what became of it', async () => {
    const preview = vi.spyOn(owners, 'preview').mockResolvedValue(MAIL);
    const issue = vi.spyOn(owners, 'issue').mockResolvedValue(ISSUED);
    vi.spyOn(owners, 'list').mockResolvedValue([{ ...ISSUED, status: 'OPENED' }]);
    act(() => render(<OwnerWizard />, root));
    await settle();
    for (const [name, text] of [['이름', '박점주'], ['아이디', ' owner '], ['메일 주소', 'owner@example.com']] as const) await type(name, text);
    await press('보낼 메일 보기');
    const body = { loginId: 'owner', name: '박점주', email: 'owner@example.com' };
    expect(preview).toHaveBeenCalledWith('mer_1', body);
    expect(issue).not.toHaveBeenCalled();
    expect(root.querySelector('.mail-seen')!.shadowRoot!.textContent).toContain('박점주님');
    expect(root.textContent).toContain('72시간');
    await press('고치기');
    await press('보낼 메일 보기');
    await press('메일 보내기');
    expect(issue).toHaveBeenCalledExactlyOnceWith('mer_1', body);
    expect(root.textContent).toContain('박점주 님에게 메일을 보냈어요');
    expect(root.textContent).toContain('링크 열어 봄');
    expect(root.querySelector('[aria-current=step]')?.textContent).toBe('3보냄');
  });

  test('stays where it is when the server refuses, and says why', async () => {
    vi.spyOn(owners, 'preview').mockRejectedValueOnce(new ApiFailure(422, { code: 'INVALID_REQUEST', errors: [{ field: '/email', code: 'INVALID_EMAIL', message: '이메일 주소를 다시 확인해 주세요.' }] } as never, 0)).mockResolvedValue(MAIL);
    vi.spyOn(owners, 'issue').mockRejectedValue(new ApiFailure(409, { code: 'LOGIN_ID_TAKEN', message: '이미 쓰고 있는 아이디예요.' } as never, 0));
    act(() => render(<OwnerWizard />, root));
    await settle();
    for (const [name, text] of [['이름', '박점주'], ['아이디', 'owner'], ['메일 주소', 'owner@']] as const) await type(name, text);
    await press('보낼 메일 보기');
    expect(root.textContent).toContain('이메일 주소를 다시 확인해 주세요.');
    await press('보낼 메일 보기');
    await press('메일 보내기');
    expect(root.textContent).toContain('이미 쓰고 있는 아이디예요.');
    expect(root.querySelector('[aria-current=step]')?.textContent).toBe('2메일 확인');
  });
});

describe('the logins that were given', () => {
  test('a link that could still be used is taken back, and no other', async () => {
    const given: IssuedOwner[] = (['SENT', 'OPENED', 'ACTIVE', 'EXPIRED', 'WITHDRAWN'] as const).map((status, i) => ({ ...ISSUED, id: `usr_${i}`, name: `점주 ${i}`, status }));
    vi.spyOn(owners, 'list').mockResolvedValue(given);
    const withdraw = vi.spyOn(owners, 'withdraw').mockResolvedValue({ ...ISSUED, status: 'WITHDRAWN' });
    act(() => render(<Owners merchantId="mer_1" />, root));
    await settle();
    const rows = [...root.querySelectorAll('tbody tr')].map((row) => row.textContent ?? '');
    expect(rows.map((row) => row.includes('링크 회수'))).toEqual([true, true, false, false, false]);
    expect(rows[4]).toContain('회수함');
    await press('링크 회수');
    expect(withdraw).not.toHaveBeenCalled();
    expect(root.ownerDocument.body.textContent).toContain('점주 0 님에게 보낸 링크를 바로 쓸 수 없게 해요');
    const confirm = [...root.ownerDocument.querySelectorAll('dialog[open] button, [role=dialog] button')].find((each) => each.textContent?.trim() === '링크 회수') as HTMLButtonElement;
    await act(() => (confirm.type === 'submit' && confirm.form ? confirm.form.requestSubmit() : confirm.click()));
    await settle();
    expect(withdraw).toHaveBeenCalledExactlyOnceWith('mer_1', 'usr_0');
  });
});

describe('a mail that is shown', () => {
  const seen = (html: string): HTMLElement => {
    const box = document.createElement('div');
    box.append(mailNodes(html));
    return box;
  };

  test('keeps its words and looks', () => {
    const box = seen(MAIL.html);
    expect(box.textContent).toContain('시작하기');
    expect(box.querySelector('p')!.style.fontSize).toBe('22px');
    expect((box.firstElementChild as HTMLElement).style.color).toBe('rgb(1, 2, 3)');
  });

  test('leads nowhere, runs nothing and fetches nothing', () => {
    const box = seen('<div onclick="x()" id="a"><script>x()</script><style>p{}</style><img src="https://x/p.png"><a href="javascript:x()">가</a><p style="background:url(https://x/p.png)">나</p><form><b>다</b></form></div>');
    expect(box.querySelectorAll('script, style, img, a, form, [onclick], [id]')).toHaveLength(0);
    expect(box.innerHTML).not.toContain('https://');
    expect(box.textContent).toBe('가나다');
  });
});
