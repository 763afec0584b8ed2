import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { RunStateModel } from '../../src/protocol/runPage.ts';
import { isTerminal } from '../shared/statusLook.ts';

/** Renders its host each second while the run's clock goes on, and only while somebody can see it. */
export class SecondTicker implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #state: () => RunStateModel;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(host: ReactiveControllerHost, state: () => RunStateModel) {
    this.#host = host;
    this.#state = state;
    host.addController(this);
  }

  /** Unix seconds. */
  get now(): number {
    return Date.now() / 1000;
  }

  hostUpdated(): void {
    const state = this.#state();
    const ticks = state.startTime !== undefined && state.endTime === undefined && !isTerminal(state.status);
    if (ticks && this.#timer === undefined) {
      this.#timer = setInterval(() => {
        if (!document.hidden) {
          this.#host.requestUpdate();
        }
      }, 1000);
    } else if (!ticks) {
      this.hostDisconnected();
    }
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/** Undefined for a run that has not started, or whose end is not known. */
export function elapsedSeconds(state: RunStateModel, now: number): number | undefined {
  if (state.startTime === undefined) {
    return undefined;
  }
  if (state.endTime !== undefined) {
    return Math.max(0, state.endTime - state.startTime);
  }
  return isTerminal(state.status) ? undefined : Math.max(0, now - state.startTime);
}
