import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { routes } from '../src/merchant/routes';
import { findRoute, guardLeave, matchPath, navigate, place, savedScroll, startRouter } from '../src/shared/router/router';

describe('matchPath', () => {
  it.each([
    ['/', '/', {}],
    ['/payments/:id', '/payments/pay_1', { id: 'pay_1' }],
    ['/payments/:id/cancels/:cancelId', '/payments/p/cancels/c', { id: 'p', cancelId: 'c' }],
    ['/payments/:id', '/payments/a%20b', { id: 'a b' }],
    ['/payments/:id', '/payments/%E0%A4', { id: '%E0%A4' }],
  ])('%s fits %s', (pattern, path, params) => expect(matchPath(pattern, path)).toEqual(params));

  it.each([
    ['/payments/:id', '/payments'],
    ['/payments/:id', '/payments/'],
    ['/payments/:id', '/payments/a/b'],
    ['/pay/card', '/pay/cash'],
  ])('%s does not fit %s', (pattern, path) => expect(matchPath(pattern, path)).toBeNull());
});

it('every screen of the table is found by its own path', () => {
  for (const route of routes) {
    const path = route.path.replace(/:\w+/g, 'x');
    expect(findRoute(routes, path)?.route.path).toBe(route.path);
  }
  expect(findRoute(routes, '/nowhere')).toBeNull();
});

describe('navigation', () => {
  let stop: () => void;
  beforeEach(() => {
    history.replaceState(null, '', '/app/');
    stop = startRouter();
    navigate('/', { replace: true });
  });
  afterEach(() => {
    stop();
    document.body.innerHTML = '';
  });

  it('follows paths and keeps the query', () => {
    expect(navigate('/payments?q=1')).toBe(true);
    expect(place.value.path).toBe('/payments');
    expect(place.value.query.get('q')).toBe('1');
    expect(location.pathname).toBe('/app/payments');
  });

  it('stays while a payment is under way, and goes on after', () => {
    let held = true;
    const lift = guardLeave(() => held);
    expect(navigate('/payments')).toBe(false);
    expect(place.value.path).toBe('/');
    held = false;
    expect(navigate('/payments')).toBe(true);
    lift();
    expect(place.value.path).toBe('/payments');
  });

  it('asks before the tab is closed only while held', () => {
    const closing = (): boolean => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
    expect(closing()).toBe(false);
    const lift = guardLeave(() => true);
    expect(closing()).toBe(true);
    lift();
    expect(closing()).toBe(false);
  });

  it('takes clicks on links of the app and leaves the others alone', () => {
    document.body.innerHTML = '<a id="in" href="/app/products"><b>x</b></a><a id="out" href="/r/token" target="_blank">y</a>';
    let taken = false;
    const last = (event: Event): void => {
      taken = event.defaultPrevented;
      // The test document has nowhere to go.
      event.preventDefault();
    };
    window.addEventListener('click', last);
    const click = (selector: string): boolean => {
      document.querySelector(selector)?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, button: 0 }));
      return taken;
    };
    expect(click('#in b')).toBe(true);
    expect(place.value.path).toBe('/products');
    expect(click('#out')).toBe(false);
    expect(place.value.path).toBe('/products');
    window.removeEventListener('click', last);
  });

  it('keeps where a page was scrolled to, for a reload, but never on the page that follows', () => {
    vi.useFakeTimers();
    const scroll = (y: number): void => {
      Object.defineProperty(window, 'scrollY', { value: y, configurable: true });
      window.dispatchEvent(new Event('scroll'));
    };
    scroll(300);
    scroll(700);
    expect(savedScroll()).toBe(0);
    vi.advanceTimersByTime(1000);
    expect(savedScroll()).toBe(700);
    scroll(800);
    navigate('/products');
    vi.advanceTimersByTime(1000);
    expect(savedScroll()).toBe(0);
    Object.defineProperty(window, 'scrollY', { value: 0, configurable: true });
    vi.useRealTimers();
  });
});
