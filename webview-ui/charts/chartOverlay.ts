import type { CurveDash } from './curves.ts';
import type { LineChart } from './lineChart.ts';

export interface TipRow {
  readonly name: string;
  readonly value: string;
  readonly colour: string;
  readonly dash: CurveDash;
  /** What a smoothed value was before. */
  readonly isRaw?: boolean;
  /** The one under the pointer. */
  readonly isFocused?: boolean;
}

export type TipContent =
  | { readonly kind: 'full'; readonly where: string; readonly rows: readonly TipRow[]; readonly leftOut: number }
  | { readonly kind: 'value'; readonly value: string };

/** A place on a curve, in CSS pixels of the canvas. */
export interface OverlayDot {
  readonly x: number;
  readonly y: number;
  readonly colour: string;
}

const GAP = 10;

/** Crosshair, dots and tooltip above a canvas. Plain elements, so that moving them draws no chart. */
export class ChartOverlay {
  readonly #root: ShadowRoot;
  readonly #chart: LineChart;
  readonly #dots: HTMLElement[] = [];
  #shown = '';
  #isShown = false;

  constructor(root: ShadowRoot, chart: LineChart) {
    this.#root = root;
    this.#chart = chart;
  }

  hide(): void {
    // Nothing is set that is so already: the browser would look at the styles of the whole component again.
    if (this.#isShown) {
      this.#isShown = false;
      for (const part of ['line', 'tip']) {
        this.#part(part)?.setAttribute('hidden', '');
      }
      this.#place([]);
    }
  }

  remove(): void {
    this.hide();
    for (const dot of this.#dots.splice(0)) {
      dot.remove();
    }
  }

  /** @param x in CSS pixels of the canvas */
  show(x: number, dots: readonly OverlayDot[], content: TipContent): void {
    const line = this.#part('line');
    const tip = this.#part('tip');
    if (line === undefined || tip === undefined) {
      return;
    }
    this.#isShown = true;
    const { area } = this.#chart;
    line.hidden = false;
    line.style.transform = `translateX(${Math.round(x)}px)`;
    line.style.top = `${area.top}px`;
    line.style.height = `${area.bottom - area.top}px`;
    this.#place(dots);
    tip.hidden = false;
    const text = JSON.stringify(content);
    if (text !== this.#shown) {
      this.#shown = text;
      tip.className = `tip ${content.kind}`;
      tip.replaceChildren(...tipNodes(content));
    }
    this.#placeTip(tip, x, Math.min(...dots.map(({ y }) => y), area.bottom), content.kind === 'full');
  }

  #place(dots: readonly OverlayDot[]): void {
    dots.forEach(({ x, y, colour }, index) => {
      let dot = this.#dots[index];
      if (dot === undefined) {
        dot = element('div', 'dot');
        this.#root.append(dot);
        this.#dots.push(dot);
      }
      dot.hidden = false;
      dot.style.transform = `translate(${x}px, ${y}px)`;
      dot.style.background = colour;
    });
    for (const dot of this.#dots.slice(dots.length)) {
      dot.hidden = true;
    }
  }

  /** Beside the point, on the side with room; above it where the other charts' values stand. Never outside the page. */
  #placeTip(tip: HTMLElement, x: number, y: number, staysInPage: boolean): void {
    const { offsetWidth: width, offsetHeight: height } = tip;
    const { left: plotLeft, top: plotTop } = this.#root.host.getBoundingClientRect();
    const left = x - GAP - width >= 0 ? x - GAP - width : x + GAP;
    const above = y - height - 6;
    const top = above >= this.#chart.area.top - 10 ? above : y + 10;
    const inPage = (place: number, start: number, size: number, end: number): number =>
      Math.round(Math.max(4 - start, Math.min(place, end - start - size - 4)));
    // The value of a chart that is scrolled away is not to stand at the edge of the page.
    const lowest = staysInPage ? inPage(top, plotTop, height, window.innerHeight) : Math.round(top);
    tip.style.transform = `translate(${inPage(left, plotLeft, width, window.innerWidth)}px, ${lowest}px)`;
  }

  #part(name: string): HTMLElement | undefined {
    return this.#root.querySelector<HTMLElement>(`.${name}`) ?? undefined;
  }
}

function tipNodes(content: TipContent): Node[] {
  if (content.kind === 'value') {
    return [document.createTextNode(content.value)];
  }
  const rows = content.rows.map((row) => {
    const swatch = element('i', `swatch ${row.dash}`);
    swatch.style.color = row.colour;
    const classes = `row ${row.isRaw === true ? 'raw' : ''} ${row.isFocused === true ? 'focused' : ''}`;
    return element('div', classes, swatch, element('bdi', 'name', row.name), element('b', '', row.value));
  });
  const more = content.leftOut === 0 ? [] : [element('div', 'where', `${content.leftOut} more`)];
  return [element('div', 'where', content.where), ...rows, ...more];
}

function element(tag: string, className: string, ...children: (Node | string)[]): HTMLElement {
  const node = document.createElement(tag);
  node.className = className;
  node.append(...children);
  return node;
}
