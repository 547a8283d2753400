import type { JSX } from 'preact';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { printers } from '../src/shared/api/printers';
import type { Settings } from '../src/shared/api/types';
import { choosePrinter, forgetPrinter } from '../src/shared/devices/printer';
import { ownSettings } from '../src/merchant/own';
import { PrintButton, PrintStrip } from '../src/merchant/print-button';
import * as job from '../src/merchant/print-job';
import { printingOf, printNews, type Subject } from '../src/merchant/printing';
import { PrinterWays } from '../src/merchant/printer-ways';

vi.mock('../src/merchant/print-job', () => ({ print: vi.fn(() => Promise.resolve()) }));

const print = vi.mocked(job.print);
const shop = (printer?: boolean): Settings => ({ cart: true, ...(printer === undefined ? {} : { printer }) }) as Settings;
let root: HTMLElement;
let n = 0;
let subject: Subject;

beforeEach(async () => {
  HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
    this.open = true;
  };
  localStorage.clear();
  await forgetPrinter();
  ownSettings.value = shop(true);
  printNews.value = null;
  print.mockClear();
  subject = { kind: 'payment', id: `pay_${++n}` };
  vi.spyOn(printers, 'list').mockResolvedValue({ printers: [], serverPrinting: true });
  root = document.body.appendChild(document.createElement('div'));
});
afterEach(async () => {
  await act(() => render(null, root));
  root.remove();
  vi.restoreAllMocks();
});

const show = (screen: JSX.Element): Promise<void> => act(async () => render(screen, root)).then(() => act(async () => undefined));
const set = (change: () => void): Promise<void> => act(async () => change());
/** The sheet's code is fetched first. */
const later = (): Promise<void> => act(async () => void (await new Promise((done) => setTimeout(done, 30))));

describe('the print button', () => {
  it('stands on receipts while the shop prints, and only then', async () => {
    for (const off of [null, shop(), shop(false)]) {
      ownSettings.value = off;
      await show(<PrintButton subject={subject} />);
      expect(root.textContent).toBe('');
    }
    await set(() => void (ownSettings.value = shop(true)));
    expect(root.textContent).toBe('출력');
  });

  it('prints with one press and says what it does, and that the next one is a copy', async () => {
    await show(<PrintButton subject={subject} />);
    const printing = printingOf(subject);
    await set(() => root.querySelector('button')?.click());
    await vi.waitFor(() => expect(print).toHaveBeenCalledWith(printing));
    await set(() => void (printing.phase.value = { kind: 'working', step: 'sending', part: 0.5 }));
    expect(root.querySelector('button')?.textContent).toBe('출력하는 중');
    await set(() => {
      printing.printed.value = 1;
      printing.phase.value = { kind: 'done' };
    });
    expect(root.querySelector('button')?.textContent).toBe('다시 출력 (사본)');
  });

  it('shows by itself what needs somebody, and what the failure leaves to be done', async () => {
    await show(<PrintButton subject={subject} />);
    await set(() => void (printingOf(subject).phase.value = { kind: 'unsure', why: '끊겼어요.' }));
    await vi.waitFor(async () => {
      await later();
      expect(root.querySelector('dialog')).not.toBeNull();
    });
    expect(root.querySelector('[role=alert]')?.textContent).toContain('인쇄됐는지 확인해 주세요');
    expect([...root.querySelectorAll('dialog button')].map((each) => each.textContent)).toEqual(['', '잘 나왔어요', '사본으로 다시 출력']);
  });

  it('prints by itself what was paid just now, if this device does so', async () => {
    await choosePrinter('server', { id: 'prn_1', name: '계산대' });
    await show(<PrintButton subject={subject} fresh />);
    await later();
    expect(print).not.toHaveBeenCalled();
    const { changePrinter } = await import('../src/shared/devices/printer');
    changePrinter({ auto: true });
    await show(<PrintButton key="looked up" subject={subject} />);
    await later();
    expect(print).not.toHaveBeenCalled();
    await show(<PrintButton key="paid" subject={subject} fresh />);
    await later();
    await show(<PrintButton key="back again" subject={subject} fresh />);
    await later();
    expect(print).toHaveBeenCalledTimes(1);
  });
});

it('says elsewhere which receipt was not printed, until its screen is seen', async () => {
  printNews.value = printingOf(subject);
  printNews.value.phase.value = { kind: 'failed', failure: undefined, why: '' };
  await show(<PrintStrip />);
  expect(root.querySelector('a')?.getAttribute('href')).toBe(`/app/payments/${(subject as { id: string }).id}`);
  expect(root.textContent).toBe('영수증을 출력하지 못했어요.');
  expect(root.querySelector('a')?.getAttribute('aria-label')).toBe('영수증을 출력하지 못했어요.');
  await show(<PrintButton subject={subject} />);
  expect(printNews.value).toBeNull();
});

describe('the ways to a printer', () => {
  it('are those of the browser and of the shop; what is missing is said once', async () => {
    Object.defineProperty(navigator, 'usb', { configurable: true, value: new EventTarget() });
    vi.mocked(printers.list).mockResolvedValue({ serverPrinting: true, printers: [{ id: 'prn_1', name: '계산대', transport: 'NETWORK', address: '192.168.0.50:9100', columns: 42, mode: 'CP949', hangul: 'FULL', drawer: false, version: 1 }] });
    await show(<PrinterWays onPicked={() => undefined} />);
    const rows = [...root.querySelectorAll('.row-title')].map((each) => each.textContent);
    expect(rows).toContain('USB 프린터');
    expect(rows).toContain('계산대');
    expect(rows).not.toContain('블루투스 프린터');
    expect(root.querySelector('.printer-absent')?.textContent).toMatch(/이 기기는 지원하지 않아요: 블루투스 프린터, 블루투스 LE 프린터, 시리얼 프린터/);
    expect(root.querySelector('ol')).toBeNull();
    Reflect.deleteProperty(navigator, 'usb');
    await show(<PrinterWays key="none" onPicked={() => undefined} />);
    expect(root.querySelector('ol')?.textContent).toContain('CloudPRNT');
  });
});
