import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { health, unsettled, type HealthCheck } from '../src/console/api';
import HomePage, { checkName } from '../src/console/pages/home/page';

vi.mock('../src/console/pages/home/volume', () => ({ VolumePart: () => null }));

let root: HTMLElement;
beforeEach(() => {
  root = document.body.appendChild(document.createElement('div'));
});
afterEach(async () => {
  await act(() => render(null, root));
  root.remove();
  vi.restoreAllMocks();
});

const check = (area: HealthCheck['area'], name: string, status: HealthCheck['status'] = 'OK'): HealthCheck => ({ area, name, status, values: [] });

async function show(...checks: HealthCheck[]): Promise<void> {
  const worst = (['FAIL', 'WARN'] as const).find((status) => checks.some((each) => each.status === status)) ?? 'OK';
  vi.spyOn(health, 'get').mockResolvedValue({ status: worst, at: '2026-11-29T00:00:00Z', checks, alarms: 0 });
  vi.spyOn(health, 'alarms').mockResolvedValue({ rows: [] });
  vi.spyOn(unsettled, 'list').mockResolvedValue({ rows: [] });
  await act(async () => render(<HomePage />, root));
  await vi.waitFor(() => expect(root.querySelector('.areas')).not.toBeNull());
}

it('says beside the sum of all what is not well, and shows its area first', async () => {
  await show(check('WORKER', 'settle'), check('BACKUP', 'backup', 'WARN'), check('ADAPTER', 'acquirer-7', 'FAIL'));
  expect(root.querySelector('.home-troubles')?.textContent).toBe('acquirer-7, 정기 백업');
  expect([...root.querySelectorAll('.area h2')].map((each) => each.textContent)).toEqual(['연결', '백업', '작업자']);
});

it('names nothing while all is well', async () => {
  await show(check('WORKER', 'settle'));
  expect(root.querySelector('.home-troubles')).toBeNull();
});

it('says what a check looks at, beside the name that logs and metrics give it', async () => {
  await show(check('WORKER', 'settle'), check('TRUNK', 'carrier'));
  expect([...root.querySelectorAll('.area-name')].map((each) => each.textContent)).toEqual(['미확정 거래 처리settle', 'carrier']);
  expect(checkName({ area: 'QUEUE', name: 'settle' })).toBe('settle');
});
