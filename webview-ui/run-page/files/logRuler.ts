import { css, html, LitElement, type PropertyValues } from 'lit';
import type { RulerMark, RulerMarkKind } from './logMarks.ts';

const MARK_HEIGHT = 3;
const colours: Readonly<Record<RulerMarkKind, string>> = {
  error: '--vscode-editorOverviewRuler-errorForeground',
  warning: '--vscode-editorOverviewRuler-warningForeground',
  match: '--vscode-editorOverviewRuler-findMatchForeground',
};

/** The marks beside a log's scroll bar. A click tells where it was with a `choose-place` event, 0 to 1. */
export class LogRuler extends LitElement {
  static override properties = { marks: { attribute: false } };
  declare marks: readonly RulerMark[];

  readonly #resized = new ResizeObserver(() => this.#paint());

  static override styles = css`
    :host {
      position: absolute;
      top: 0;
      right: 0;
      bottom: 0;
      width: 8px;
      cursor: pointer;
    }
    canvas {
      display: block;
      width: 100%;
      height: 100%;
    }
  `;

  constructor() {
    super();
    this.marks = [];
    this.addEventListener('click', (event) => {
      const { top, height } = this.getBoundingClientRect();
      this.dispatchEvent(new CustomEvent<number>('choose-place', { detail: (event.clientY - top) / height }));
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  protected override render(): unknown {
    return html`<canvas></canvas>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('marks')) {
      this.#paint();
    }
  }

  #paint(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    const context = canvas?.getContext('2d');
    if (!canvas || !context) {
      return;
    }
    const ratio = window.devicePixelRatio;
    canvas.width = Math.round(this.clientWidth * ratio);
    canvas.height = Math.round(this.clientHeight * ratio);
    const style = getComputedStyle(this);
    for (const { at, kind } of this.marks) {
      context.fillStyle = style.getPropertyValue(colours[kind]) || style.color;
      context.fillRect(0, Math.round(at * (canvas.height - MARK_HEIGHT * ratio)), canvas.width, MARK_HEIGHT * ratio);
    }
  }
}

customElements.define('runledger-log-ruler', LogRuler);
