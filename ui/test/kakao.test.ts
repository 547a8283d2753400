import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const script = readFileSync(join(import.meta.dirname, '../../internal/web/buyer/kakao.js'), 'utf8');

/** The document that shares a link, with KakaoTalk's script or without. */
function open(kakao: unknown): { press: () => void; failed: () => boolean } {
  document.body.innerHTML = '<button id="share" data-key="key1" data-link="https://pay.example/r/x" data-text="[가게] 영수증" data-act="보기"></button><p id="failed" hidden></p>';
  vi.stubGlobal('Kakao', kakao);
  // As the document runs it: the file is no module.
  new Function(script)();
  window.dispatchEvent(new Event('load'));
  return { press: () => document.getElementById('share')!.click(), failed: () => !document.getElementById('failed')!.hidden };
}

describe('the document that shares a link by KakaoTalk', () => {
  beforeEach(() => vi.unstubAllGlobals());

  it('hands over the link alone, initialised once', () => {
    let ready = false;
    const kakao = { isInitialized: () => ready, init: vi.fn(() => (ready = true)), Share: { sendDefault: vi.fn() } };
    const page = open(kakao);
    page.press();
    page.press();
    expect(kakao.init.mock.calls).toEqual([['key1']]);
    expect(kakao.Share.sendDefault).toHaveBeenLastCalledWith({
      objectType: 'text', text: '[가게] 영수증', buttonTitle: '보기', link: { mobileWebUrl: 'https://pay.example/r/x', webUrl: 'https://pay.example/r/x' },
    });
    expect(page.failed()).toBe(false);
  });

  it('says so when the script was blocked, or refuses', () => {
    expect(open(undefined).failed()).toBe(true);
    const page = open({ isInitialized: () => true, Share: { sendDefault: () => { throw new Error('domain'); } } });
    expect(page.failed()).toBe(false);
    page.press();
    expect(page.failed()).toBe(true);
  });
});
