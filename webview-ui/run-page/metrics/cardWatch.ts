import { motion } from '../../shared/motion.ts';
import { MetricCard } from './metricCard.ts';

/** How far outside of what is seen charts are drawn, so that scrolling meets charts and not holes. */
const NEAR = '400px 0px';
/**
 * How far outside, in heights of the page, charts are made while it rests, and kept: to make one takes about as long as a frame of a page that
 * moves may take.
 */
const READY = '200% 0px';
/** What is seen comes first. */
const READY_AFTER_MS = 400;
/** Then come the charts that may soon be seen; the names of the others, last. */
const FILLED_AFTER_MS = 1000;

/** Tells the cards of a page how near they are to what is seen of it. */
export class CardWatch {
  readonly #near: IntersectionObserver;
  readonly #ready: IntersectionObserver;
  /** Those that are to be ready, with what makes them so. */
  readonly #within = new WeakMap<MetricCard, () => void>();
  #empty: MetricCard[] = [];

  /** @param root what scrolls */
  constructor(root: Element | null) {
    this.#near = new IntersectionObserver((entries) => this.#onNear(entries), { root, rootMargin: NEAR });
    this.#ready = new IntersectionObserver((entries) => this.#onReady(entries), { root, rootMargin: READY });
  }

  /** A card that was moved to another place has let its chart go, and is told anew. */
  add(card: MetricCard): void {
    for (const observer of [this.#near, this.#ready]) {
      observer.unobserve(card);
      observer.observe(card);
    }
    if (!card.hasUpdated) {
      this.#fillLater(card);
    }
  }

  dispose(): void {
    this.#near.disconnect();
    this.#ready.disconnect();
  }

  #fillLater(card: MetricCard): void {
    this.#empty.push(card);
    if (this.#empty.length === 1) {
      setTimeout(() => {
        for (const empty of this.#empty) {
          motion.atRest(() => empty.fill());
        }
        this.#empty = [];
      }, FILLED_AFTER_MS);
    }
  }

  #onNear(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      if (target instanceof MetricCard) {
        const away = this.#within.has(target) ? 'ready' : 'far';
        target.setNearness(isIntersecting ? 'near' : boundingClientRect.width === 0 ? 'hidden' : away);
      }
    }
  }

  #onReady(entries: readonly IntersectionObserverEntry[]): void {
    const come: (() => void)[] = [];
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      if (!(target instanceof MetricCard)) {
        continue;
      }
      if (isIntersecting) {
        const makeReady = (): void => {
          // One that was taken out of the page meanwhile would follow its series for good.
          if (target.isConnected && this.#within.get(target) === makeReady && target.nearness === 'far') {
            target.setNearness('ready');
          }
        };
        this.#within.set(target, makeReady);
        come.push(makeReady);
      } else if (boundingClientRect.width > 0) {
        this.#within.delete(target);
        if (target.nearness === 'ready') {
          target.setNearness('far');
        }
      }
    }
    setTimeout(() => {
      for (const makeReady of come) {
        motion.atRest(makeReady);
      }
    }, READY_AFTER_MS);
  }
}
