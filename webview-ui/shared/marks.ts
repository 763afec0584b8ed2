const MOST_MARKS = 5000;
const counts = new Map<string, number>();

/** Leaves a trace on the page's timeline, for tests and the browser's profiler. A page may live for days, so old ones go. */
export function leaveMark(name: string, detail?: unknown): void {
  const count = (counts.get(name) ?? 0) + 1;
  counts.set(name, count);
  if (count % MOST_MARKS === 0) {
    performance.clearMarks(name);
  }
  performance.mark(name, { detail });
}
