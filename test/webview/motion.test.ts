import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Motion } from '../../webview-ui/shared/motion.ts';

describe('the motion of the page', () => {
  let motion: Motion;
  let page: EventTarget;
  /** What things have taken, beside the time that the test lets pass. */
  let taken = 0;

  beforeEach(async () => {
    vi.useFakeTimers();
    taken = 0;
    const clock = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => clock() + taken);
    vi.stubGlobal('requestAnimationFrame', (callback: () => void) => setTimeout(callback, 16));
    vi.stubGlobal('window', new EventTarget());
    page = new EventTarget();
    motion = new (await import('../../webview-ui/shared/motion.ts')).Motion(page);
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it('puts off what is for its rest, and does it then as there is time in a frame, each thing once', () => {
    const done: string[] = [];
    const a = (): void => {
      done.push('a');
      // It takes longer than a frame has.
      taken += 10;
    };
    page.dispatchEvent(new Event('scroll'));
    motion.atRest(a);
    motion.atRest(a);
    motion.atRest(() => done.push('b'));
    motion.atRest(() => done.push('c'));
    for (let moves = 0; moves < 10; moves += 1) {
      vi.advanceTimersByTime(100);
      page.dispatchEvent(new Event('scroll'));
    }
    expect(done).toEqual([]);
    vi.advanceTimersByTime(150 + 16);
    expect(done).toEqual(['a']);
    vi.advanceTimersByTime(17);
    expect(done).toEqual(['a', 'b', 'c']);
    vi.advanceTimersByTime(1000);
    expect(done).toEqual(['a', 'b', 'c']);
  });
});
