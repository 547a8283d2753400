import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NoAnswer } from '../src/shared/api/failure';
import { requests, type PayRequest, type Preview, type RequestBody } from '../src/shared/api/requests';
import { online } from '../src/shared/state/online';
import { Live } from '../src/shared/state/live';
import { useRequest, type Followed } from '../src/merchant/pages/requests/follow';
import { usePreview } from '../src/merchant/pages/requests/form/preview';

const request = (part: Partial<PayRequest> = {}): PayRequest => ({ id: 'req_1', paymentId: 'pay_1', status: 'SENT', tries: 0, ...part }) as PayRequest;
const get = vi.spyOn(requests, 'get');
const preview = vi.spyOn(requests, 'preview');
let root: HTMLElement;
let hidden = false;

beforeEach(() => {
  vi.useFakeTimers();
  get.mockReset();
  preview.mockReset();
  hidden = false;
  online.value = true;
  Object.defineProperty(document, 'hidden', { get: () => hidden, configurable: true });
  root = document.body.appendChild(document.createElement('div'));
});
afterEach(async () => {
  await act(() => render(null, root));
  root.remove();
  vi.useRealTimers();
});

const pass = (ms: number): Promise<void> => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));

describe('a request on the screen', () => {
  let followed: Followed;
  function Shown(): null {
    followed = useRequest('req_1');
    return null;
  }
  const open = (): Promise<void> => act(() => render(<Shown />, root)).then(() => pass(0));

  it('is asked for every two seconds until it has ended, and no longer', async () => {
    get.mockResolvedValue(request());
    await open();
    await pass(6_000);
    expect(get).toHaveBeenCalledTimes(4);
    get.mockResolvedValue(request({ status: 'PAID' }));
    await pass(2_000);
    expect(followed.data?.status).toBe('PAID');
    await pass(20_000);
    expect(get).toHaveBeenCalledTimes(5);
  });

  it('rests while nobody looks', async () => {
    get.mockResolvedValue(request());
    await open();
    hidden = true;
    await pass(60_000);
    expect(get).toHaveBeenCalledTimes(1);
    hidden = false;
    await pass(2_000);
    expect(get).toHaveBeenCalledTimes(2);
  });

  it('is asked for at once when the stream tells of it, and not when it tells of another', async () => {
    const hear = new Map<string, (event: object) => void>();
    const stream = new Live(() => ({ addEventListener: (type: string, each: (event: object) => void) => hear.set(type, each), close: () => undefined }) as unknown as EventSource);
    stream.start();
    const say = (lastEventId: string, data: object): Promise<void> => act(async () => hear.get('request')?.({ lastEventId, data: JSON.stringify({ type: 'request.changed', ...data }) })).then(() => pass(0));
    get.mockResolvedValue(request());
    await open();
    get.mockResolvedValue(request({ status: 'PAYING' }));
    await say('evt_1', { requestId: 'req_2', paymentId: 'pay_2' });
    expect(get).toHaveBeenCalledTimes(1);
    await say('evt_2', { requestId: 'req_1', paymentId: 'pay_1' });
    expect(get).toHaveBeenCalledTimes(2);
    expect(followed.data?.status).toBe('PAYING');
    stream.stop();
  });

  it('says that it is silent while the server cannot be reached, and keeps what it knows', async () => {
    get.mockResolvedValueOnce(request()).mockRejectedValueOnce(new NoAnswer('x')).mockResolvedValue(request({ tries: 1 }));
    await open();
    await pass(2_000);
    expect([followed.silent, followed.data?.status]).toEqual([true, 'SENT']);
    await pass(2_000);
    expect([followed.silent, followed.data?.tries]).toEqual([false, 1]);
  });

  it('never goes back to an answer that was asked for before a newer one', async () => {
    get.mockResolvedValueOnce(request());
    await open();
    let late: (old: PayRequest) => void = () => undefined;
    get.mockReturnValueOnce(new Promise((resolve) => (late = resolve)));
    await pass(2_000);
    // The answer to a resend, which overtook the look that was under way.
    await act(() => followed.set(request({ status: 'SENDING' })));
    await act(async () => late(request()));
    await pass(0);
    expect(followed.data?.status).toBe('SENDING');
  });
});

describe('the preview of a text', () => {
  const body: RequestBody = { kind: 'SMS', orderId: 'app-1', orderName: 'x', amount: 1000, buyer: { phone: '01000000001' } };
  const answer: Preview = { text: '…', kind: 'SMS', bytes: 80, limit: 90, replaced: 0 };
  let seen: ReturnType<typeof usePreview>;
  function Form({ name, ready = true }: { name: string; ready?: boolean }): null {
    seen = usePreview(() => (ready ? { ...body, orderName: name } : null), `${name} ${ready}`);
    return null;
  }
  const type = (name: string, ready = true): Promise<void> => act(() => render(<Form name={name} ready={ready} />, root)).then(() => pass(100));

  it('waits for the last key, and asks for what stands then', async () => {
    preview.mockResolvedValue(answer);
    for (const name of ['꽃', '꽃바', '꽃바구니']) await type(name);
    expect(preview).not.toHaveBeenCalled();
    await pass(1_000);
    expect(preview).toHaveBeenCalledTimes(1);
    expect(preview.mock.calls[0]?.[0].orderName).toBe('꽃바구니');
    expect(seen.preview).toEqual(answer);
  });

  it('shows nothing that would not be sent', async () => {
    preview.mockResolvedValueOnce(answer).mockRejectedValueOnce(new NoAnswer('x'));
    await type('꽃');
    await pass(1_000);
    await type('꽃바구니');
    await pass(1_000);
    expect(seen).toMatchObject({ preview: undefined, failure: { name: 'NoAnswer' } });
    await type('꽃바구니', false);
    expect(seen).toEqual({ preview: undefined, failure: undefined });
  });

  it('is asked for again once the network is back', async () => {
    preview.mockRejectedValueOnce(new NoAnswer('x')).mockResolvedValue(answer);
    online.value = false;
    await type('꽃');
    await pass(1_000);
    await act(() => void (online.value = true));
    await pass(1_000);
    expect(seen.preview).toEqual(answer);
  });
});
