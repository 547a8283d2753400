import { beforeEach, describe, expect, it } from 'vitest';
import { endFirstRun, firstRunOver, firstSteps, someLeft } from '../src/merchant/pages/home/steps';

describe('first run', () => {
  beforeEach(() => localStorage.clear());

  it('shows nothing before all is known', () => {
    const known = { products: true, reader: false, paid: false };
    for (const name of ['products', 'reader', 'paid']) expect(firstSteps({ ...known, [name]: undefined })).toEqual([]);
    expect(someLeft([])).toBe(false);
  });

  it.each([
    [{ products: false, reader: false, paid: false }, [false, false, false], true],
    [{ products: true, reader: false, paid: false }, [true, false, false], true],
    [{ products: false, reader: true, paid: false }, [false, true, false], true],
    [{ products: true, reader: true, paid: false }, [true, true, false], true],
    [{ products: true, reader: true, paid: true }, [true, true, true], false],
  ])('knows from %o which steps are done', (known, done, left) => {
    const steps = firstSteps(known);
    expect(steps.map(({ name }) => name)).toEqual(['products', 'reader', 'payment']);
    expect(steps.map((step) => step.done)).toEqual(done);
    expect(someLeft(steps)).toBe(left);
  });

  it('is over on this device for the shop that ended it, and for no other', () => {
    expect(firstRunOver('mer_1')).toBe(false);
    endFirstRun('mer_1', true);
    expect([firstRunOver('mer_1'), firstRunOver('mer_2')]).toEqual([true, false]);
  });

  it('comes back when hiding it is taken back', () => {
    endFirstRun('mer_1', true);
    endFirstRun('mer_1', false);
    expect(firstRunOver('mer_1')).toBe(false);
  });
});
