/** How much the main thread of a page works in each of its frames, read from the browser's trace. */
import type { Browser, Page } from '@playwright/test';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** The time of the processor in it: on a busy machine a task also waits for its turn. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

const categories = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'];

/** Traces the page while something is done to it. @returns milliseconds of work in each frame that the page made */
export async function tracedFrames(browser: Browser, page: Page, act: () => Promise<void>): Promise<number[]> {
  await browser.startTracing(page, { categories });
  await act();
  const trace = JSON.parse((await browser.stopTracing()).toString('utf8')) as { traceEvents: readonly TraceEvent[] };
  return framesOf(trace.traceEvents);
}

/** The main thread hands each frame over to the compositor: its work is what was done since the one before. */
export function framesOf(events: readonly TraceEvent[]): number[] {
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  const animated = events.filter(({ name }) => name === 'FireAnimationFrame');
  const counts = new Map<string, number>();
  for (const event of animated) {
    counts.set(threadOf(event), (counts.get(threadOf(event)) ?? 0) + 1);
  }
  // Other pages of the browser, such as its start page, are in the trace too.
  const [thread] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
  const own = events.filter((event) => threadOf(event) === thread);
  const ends = own
    .filter(({ name }) => name === 'Commit')
    .map(({ ts, dur = 0 }) => ts + dur)
    .sort((a, b) => a - b);
  const tasks = own.filter(({ name, ph }) => ph === 'X' && name === 'RunTask');
  const work = ends.map(() => 0);
  let frame = 0;
  for (const { ts, dur = 0, tdur = dur } of [...tasks].sort((a, b) => a.ts - b.ts)) {
    while (frame < ends.length && (ends[frame] ?? 0) < ts) {
      frame += 1;
    }
    if (frame < ends.length) {
      work[frame] = (work[frame] ?? 0) + tdur / 1000;
    }
  }
  return work;
}
