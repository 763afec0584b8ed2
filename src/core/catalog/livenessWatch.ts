import { type Disposable, toDisposable } from '../base/events.ts';

/** A process that is killed writes nothing, so no file event tells of it. */
const livenessIntervalMs = 5000;

/** Calls `check` now and then for as long as `isOpen` says that the run could end without a word. */
export function watchLiveness(isOpen: () => boolean, check: () => void): Disposable {
  const timer = setInterval(() => {
    if (isOpen()) {
      check();
    }
  }, livenessIntervalMs);
  return toDisposable(() => clearInterval(timer));
}
