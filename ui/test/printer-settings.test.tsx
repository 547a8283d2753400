import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Printer, PrinterList } from '../src/shared/api/printers';
import { choosePrinter, forgetPrinter } from '../src/shared/devices/printer';
import type { Load } from '../src/shared/state/load';
import { DevicePrinter } from '../src/merchant/pages/settings/printer-device';
import { printingOf } from '../src/merchant/printing';

vi.mock('../src/merchant/print-job', () => ({ print: vi.fn(() => Promise.resolve()) }));

let root: HTMLElement;
const reload = vi.fn();
const test = printingOf({ kind: 'test' });
const set = (change: () => void): Promise<void> => act(async () => change());
const press = (name: string): Promise<void> => set(() => [...root.querySelectorAll('button')].find((each) => each.textContent === name)?.click());

beforeEach(async () => {
  HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
    this.open = true;
  };
  localStorage.clear();
  reload.mockClear();
  test.phase.value = { kind: 'idle' };
  await choosePrinter('server', { id: 'prn_1', name: '계산대' });
  root = document.body.appendChild(document.createElement('div'));
  const shop: Load<PrinterList> = { data: { printers: [{ id: 'prn_1', name: '계산대' } as Printer], serverPrinting: true }, failure: undefined, loading: false, reload, set: () => undefined };
  await act(async () => render(<DevicePrinter shop={shop} />, root));
});
afterEach(async () => {
  await act(() => render(null, root));
  root.remove();
  await forgetPrinter();
});

it('asks how the printer of the shop stands as soon as a test page came out, behind its sheet', async () => {
  await press('시험 인쇄');
  await set(() => void (test.phase.value = { kind: 'working', step: 'queued', part: 0 }));
  expect(reload).not.toHaveBeenCalled();
  await set(() => void (test.phase.value = { kind: 'done' }));
  expect(reload).toHaveBeenCalledTimes(1);
  expect(root.querySelector('dialog')).not.toBeNull();
});

it('leads from a test page that looks wrong to the settings, which lie behind it', async () => {
  await press('시험 인쇄');
  await set(() => void (test.phase.value = { kind: 'done' }));
  expect(root.querySelector('dialog')?.textContent).toContain('시험 페이지를 보냈어요');
  await press('글자나 용지 설정 바꾸기');
  expect(root.querySelector('dialog')).toBeNull();
});
