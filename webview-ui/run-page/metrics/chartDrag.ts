import type { ChartPlace } from './arrangement.ts';
import { MetricCard } from './metricCard.ts';

/** Only what a card has put there is taken: a file or text dropped on the page is none of its charts. */
const TYPE = 'application/x-runledger-chart';

/** Charts are moved by their headers: a line shows where the one that is dragged would stand. */
export class ChartDrag {
  readonly #move: (name: string, place: ChartPlace) => void;
  readonly #canMove: (name: string, place: ChartPlace) => boolean;
  #dragged: MetricCard | undefined;
  #target: { readonly card: MetricCard; readonly place: ChartPlace } | undefined;

  constructor(options: {
    move: (name: string, place: ChartPlace) => void;
    canMove: (name: string, place: ChartPlace) => boolean;
  }) {
    this.#move = options.move;
    this.#canMove = options.canMove;
  }

  readonly start = (event: DragEvent): void => {
    const card = cardOf(event);
    if (card !== undefined && event.dataTransfer !== null) {
      this.#dragged = card;
      event.dataTransfer.setData(TYPE, card.metric.name);
      event.dataTransfer.effectAllowed = 'move';
    }
  };

  readonly over = (event: DragEvent): void => {
    const card = cardOf(event);
    const dragged = this.#dragged;
    if (card === undefined || dragged === undefined) {
      this.#aim(undefined);
      return;
    }
    const { left, width } = card.getBoundingClientRect();
    const place: ChartPlace = { of: card.metric.name, side: event.clientX < left + width / 2 ? 'before' : 'after' };
    if (card !== dragged && this.#canMove(dragged.metric.name, place)) {
      event.preventDefault();
      this.#aim({ card, place });
    } else {
      this.#aim(undefined);
    }
  };

  readonly drop = (event: DragEvent): void => {
    const target = this.#target;
    const name = this.#dragged?.metric.name;
    this.end();
    if (target !== undefined && name !== undefined) {
      event.preventDefault();
      this.#move(name, target.place);
    }
  };

  readonly end = (): void => {
    this.#aim(undefined);
    this.#dragged = undefined;
  };

  #aim(target: { readonly card: MetricCard; readonly place: ChartPlace } | undefined): void {
    if (this.#target?.card !== target?.card) {
      this.#target?.card.removeAttribute('data-drop');
    }
    target?.card.setAttribute('data-drop', target.place.side);
    this.#target = target;
  }
}

function cardOf(event: Event): MetricCard | undefined {
  return event.composedPath().find((node) => node instanceof MetricCard);
}
