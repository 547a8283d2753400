import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useState } from 'preact/hooks';
import { draw, gapped, shuffled } from '../src/shared/design/shuffle';
import { SecretField } from '../src/shared/design/controls';

describe('shuffling', () => {
  it('keeps every number once and reaches every order', () => {
    const seen = new Map<string, number>();
    for (let n = 0; n < 6000; n++) {
      const order = shuffled(3);
      expect([...order].sort()).toEqual([0, 1, 2]);
      seen.set(order.join(''), (seen.get(order.join('')) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    // A thousand each: with a fair draw none is further off than this once in some million runs.
    for (const times of seen.values()) expect(Math.abs(times - 1000)).toBeLessThan(160);
  });

  it('draws below its limit', () => {
    for (const below of [1, 2, 7, 10, 255, 256]) for (let n = 0; n < 200; n++) expect(draw(below)).toBeLessThan(below);
  });

  it('leaves gaps and keeps the order', () => {
    for (let n = 0; n < 100; n++) {
      const places = gapped(26, 28);
      expect(new Set(places).size).toBe(26);
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(places.at(-1)).toBeLessThan(28);
    }
  });
});

describe('a field for secrets', () => {
  let root: HTMLElement;
  let value = '';

  function Form({ pad, most, shuffle }: { pad: 'digits' | 'text'; most: number; shuffle: boolean }): preact.JSX.Element {
    const [text, setText] = useState('');
    value = text;
    return (
      <>
        <SecretField pad={pad} shuffle={shuffle} label="비밀" value={text} onInput={setText} maxLength={most} />
        <button type="button">다음</button>
      </>
    );
  }

  const show = async (pad: 'digits' | 'text', shuffle: boolean, most = 30): Promise<HTMLInputElement> => {
    await act(() => render(<Form pad={pad} most={most} shuffle={shuffle} />, root));
    await act(() => import('../src/shared/design/shuffled').then(() => undefined));
    const input = root.querySelector('input') as HTMLInputElement;
    await act(() => input.focus());
    return input;
  };
  const keys = (): HTMLButtonElement[] => [...root.querySelectorAll<HTMLButtonElement>('.shuffled button')];
  const press = (name: string): Promise<void> =>
    act(() => {
      const key = keys().find((each) => (each.getAttribute('aria-label') ?? each.textContent) === name);
      if (!key) throw new Error(`no key ${name}`);
      key.click();
    });

  beforeEach(() => {
    root = document.createElement('div');
    document.body.append(root);
  });
  afterEach(() => {
    render(null, root);
    root.remove();
  });

  it('is an ordinary one unless the shop wants the keypad', async () => {
    const input = await show('digits', false);
    expect(keys()).toEqual([]);
    expect(input.inputMode).not.toBe('none');
  });

  it('has its digits in their order for screen readers, and elsewhere for the eye', async () => {
    const input = await show('digits', true, 2);
    expect(input.inputMode).toBe('none');
    expect(keys().slice(0, 10).map((key) => key.textContent)).toEqual([...'0123456789']);
    const places = keys().slice(0, 12).map((key) => Number(key.style.order));
    expect([...places].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    await press('4');
    await press('2');
    await press('9');
    expect(value).toBe('42');
    await press('지우기');
    expect(value).toBe('4');
    expect(keys().slice(0, 12).map((key) => Number(key.style.order))).toEqual(places);
  });

  it('is drawn anew when what was entered is thrown away', async () => {
    await show('digits', true);
    const orders = new Set<string>();
    for (let n = 0; n < 12; n++) {
      orders.add(keys().map((key) => key.style.order).join());
      await press('1');
      await press('지우기');
    }
    expect(orders.size).toBeGreaterThan(1);
  });

  it('takes letters of both sizes, digits and signs, and typing beside it', async () => {
    const input = await show('text', true);
    for (const key of ['대문자', 'A', '대문자', 'b', '7', '기호', '!', '@']) await press(key);
    expect(value).toBe('Ab7!@');
    await act(() => {
      input.value = 'pasted';
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
    expect(value).toBe('pasted');
  });

  it('goes when the focus does, when it is done, and for the own keyboard', async () => {
    const input = await show('digits', true);
    await act(() => (root.lastElementChild as HTMLElement).focus());
    expect(keys()).toEqual([]);
    await act(() => input.focus());
    await press('완료');
    expect(keys()).toEqual([]);
    await act(() => input.click());
    await press('기기 자판으로 입력');
    expect(keys()).toEqual([]);
    expect(input.inputMode).not.toBe('none');
  });
});
