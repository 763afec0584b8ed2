import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Lifeline } from '../../webview-ui/shared/lifeline.ts';

describe('the line from a page to the extension', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function line(answers: boolean) {
    const state = { asked: 0, answers, isSeen: true, changes: [] as boolean[] };
    const lifeline = new Lifeline({
      ask: () => {
        state.asked++;
        if (state.answers) {
          lifeline.heard();
        }
      },
      isSeen: () => state.isSeen,
      onChange: (isCut) => state.changes.push(isCut),
    });
    lifeline.start();
    return { state, lifeline };
  }

  it('is asked now and then, and says nothing as long as it answers', () => {
    const { state } = line(true);
    vi.advanceTimersByTime(61_000);
    expect(state).toMatchObject({ asked: 4, changes: [] });
  });

  it('is cut once nobody answers, and whole again when somebody does', () => {
    const { state, lifeline } = line(false);
    vi.advanceTimersByTime(24_000);
    expect(state.changes).toEqual([]);
    vi.advanceTimersByTime(60_000);
    expect(state.changes).toEqual([true]);
    lifeline.heard();
    expect(state.changes).toEqual([true, false]);
  });

  it('needs no question where there is other news, nor while nobody sees the page', () => {
    const { state, lifeline } = line(false);
    for (let second = 0; second < 60; second++) {
      vi.advanceTimersByTime(1000);
      lifeline.heard();
    }
    state.isSeen = false;
    vi.advanceTimersByTime(120_000);
    expect(state).toMatchObject({ asked: 0, changes: [] });
  });
});
