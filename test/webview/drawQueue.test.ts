import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Drawable, DrawQueue } from '../../webview-ui/charts/drawQueue.ts';

describe('the queue of drawings', () => {
  let frame: (() => void) | undefined;
  let now = 0;
  const drawn: string[] = [];

  beforeEach(() => {
    frame = undefined;
    now = 0;
    drawn.length = 0;
    vi.stubGlobal('requestAnimationFrame', (callback: () => void) => {
      frame = callback;
      return 1;
    });
    vi.spyOn(performance, 'now').mockImplementation(() => now);
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  function drawable(name: string, milliseconds: number, isDear = false): Drawable {
    return {
      draw: () => {
        now += milliseconds;
        drawn.push(name);
        return isDear;
      },
    };
  }

  /** What the next frame draws. */
  function nextFrame(): readonly string[] {
    const run = frame;
    frame = undefined;
    run?.();
    return drawn.splice(0);
  }

  it('draws in a frame as many as there is time for, and the others in the next ones', () => {
    const queue = new DrawQueue(() => true);
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      queue.add(drawable(name, 0.24));
    }
    expect(nextFrame()).toEqual(['a', 'b', 'c']);
    expect(nextFrame()).toEqual(['d', 'e']);
    expect(frame).toBeUndefined();
  });

  it('draws more of them while the page rests', () => {
    const queue = new DrawQueue(() => false);
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      queue.add(drawable(name, 7));
    }
    expect(nextFrame()).toEqual(['a', 'b', 'c']);
    expect(nextFrame()).toEqual(['d', 'e']);
  });

  it('draws one in a frame of those that take the browser long, after cheap ones', () => {
    const queue = new DrawQueue(() => true);
    queue.add(drawable('cheap', 0.1));
    queue.add(drawable('dear', 0.1, true));
    queue.add(drawable('dear too', 0.1, true));
    expect(nextFrame()).toEqual(['cheap', 'dear']);
    expect(nextFrame()).toEqual(['dear too']);
  });

  it('draws first what is urgent, and each once', () => {
    const queue = new DrawQueue(() => true);
    const [a, b] = [drawable('a', 0.1), drawable('b', 0.1)];
    queue.add(a);
    queue.add(b);
    queue.add(b, true);
    expect(nextFrame()).toEqual(['b', 'a']);
  });
});
