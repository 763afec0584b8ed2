let lastTime = 0;

/**
 * The time for the next record, in Unix seconds. Grows from call to call within this process, by a microsecond at least: records
 * are read in the order of their times, and neither two in one millisecond nor a clock that is set back may change it.
 */
export function recordTime(): number {
  lastTime = Math.max(Date.now() / 1000, lastTime + 1e-6);
  return lastTime;
}
