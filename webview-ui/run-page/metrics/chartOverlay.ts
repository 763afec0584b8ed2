import type { LineChart } from './lineChart.ts';

export type TipContent =
  | { readonly kind: 'full'; readonly where: string; readonly name: string; readonly value: string }
  | { readonly kind: 'value'; readonly value: string };

const GAP = 10;

/** Crosshair, dot and tooltip above a canvas. Plain elements, so that moving them draws no chart. */
export class ChartOverlay {
  readonly #root: HTMLElement | DocumentFragment;
  readonly #chart: LineChart;

  constructor(root: HTMLElement | DocumentFragment, chart: LineChart) {
    this.#root = root;
    this.#chart = chart;
  }

  hide(): void {
    for (const part of ['line', 'dot', 'tip']) {
      this.#part(part)?.setAttribute('hidden', '');
    }
  }

  show(place: number, content: TipContent): void {
    const pixel = this.#chart.pixelOf(place);
    const line = this.#part('line');
    const dot = this.#part('dot');
    const tip = this.#part('tip');
    if (pixel === undefined || line === undefined || dot === undefined || tip === undefined) {
      return;
    }
    const { area } = this.#chart;
    line.hidden = false;
    line.style.transform = `translateX(${Math.round(pixel.x)}px)`;
    line.style.top = `${area.top}px`;
    line.style.height = `${area.bottom - area.top}px`;
    const hasDot = Number.isFinite(pixel.y);
    dot.hidden = !hasDot;
    if (hasDot) {
      dot.style.transform = `translate(${pixel.x}px, ${pixel.y}px)`;
    }
    tip.hidden = false;
    tip.className = `tip ${content.kind}`;
    tip.replaceChildren(...tipNodes(content));
    this.#place(tip, pixel.x, hasDot ? pixel.y : area.bottom, area);
  }

  /** Beside the point, on the side with room; above it where the other charts' values stand. Never outside the page. */
  #place(tip: HTMLElement, x: number, y: number, area: LineChart['area']): void {
    const { offsetWidth: width, offsetHeight: height } = tip;
    const plot = tip.parentElement?.getBoundingClientRect();
    const fitsLeft = x - GAP - width >= 0;
    const left = fitsLeft ? x - GAP - width : x + GAP;
    const pageRight = window.innerWidth - (plot?.left ?? 0) - width - 4;
    const top = y - height - 6 >= area.top - 10 ? y - height - 6 : y + 10;
    tip.style.transform = `translate(${Math.round(Math.max(-(plot?.left ?? 0) + 4, Math.min(left, pageRight)))}px, ${Math.round(top)}px)`;
  }

  #part(name: string): HTMLElement | undefined {
    return this.#root.querySelector<HTMLElement>(`.${name}`) ?? undefined;
  }
}

function tipNodes(content: TipContent): Node[] {
  if (content.kind === 'value') {
    return [document.createTextNode(content.value)];
  }
  return [
    element('div', 'where', content.where),
    element(
      'div',
      'row',
      element('i', 'swatch'),
      element('span', 'name', content.name),
      element('b', '', content.value),
    ),
  ];
}

function element(tag: string, className: string, ...children: (Node | string)[]): HTMLElement {
  const node = document.createElement(tag);
  node.className = className;
  node.append(...children);
  return node;
}
