import { VirtualizerController } from '@tanstack/lit-virtual';
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import type { LogModel } from '../../../src/protocol/runPage.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { formatCount } from '../../shared/formatNumbers.ts';
import { countOf, formatSize } from '../../shared/formatSizes.ts';
import { FrameScheduler } from '../../shared/frames.ts';
import { icon } from '../../shared/icons.ts';
import { inlineStyle } from '../../shared/inlineStyle.ts';
import type { RunSession } from '../runSession.ts';
import { LogBuffer, type LogLevel, type LogLine } from './logBuffer.ts';
import { lineText } from './logLineView.ts';
import { logViewerStyles } from './logViewerStyles.ts';

const LINE_HEIGHT = 18;
/** Nearer to the end than this counts as the end. */
const END_REACH = 6;

/** A log as it grows. Follows its end until the reader scrolls up; only the lines that are seen exist. */
export class LogViewer extends LitElement {
  static override properties = {
    path: { type: String },
    bytes: { type: Number },
    session: { attribute: false },
    isLive: { type: Boolean },
    isShown: { type: Boolean },
    wraps: { state: true },
    isFollowing: { state: true },
    problem: { state: true },
    isLoaded: { state: true },
  };
  declare path: string;
  declare bytes: number | undefined;
  declare session: RunSession;
  declare isLive: boolean;
  declare isShown: boolean;
  declare wraps: boolean;
  declare isFollowing: boolean;
  declare problem: string | undefined;
  declare isLoaded: boolean;

  readonly #buffer = new LogBuffer();
  readonly #frames = new FrameScheduler(() => this.requestUpdate());
  readonly #stops: (() => void)[] = [];
  /** Only the answer to the last request counts. */
  #request = 0;
  #linesWhenPaused = 0;
  #lastTop = 0;
  #jumpedTo = -1;
  readonly #virtual = new VirtualizerController<HTMLElement, HTMLElement>(this, {
    count: 0,
    getScrollElement: () => this.renderRoot?.querySelector<HTMLElement>('.scroll') ?? null,
    estimateSize: () => LINE_HEIGHT,
    getItemKey: (index) => this.#buffer.droppedLines + index,
    overscan: 20,
  });

  static override styles = [baseStyles, ...logViewerStyles];

  constructor() {
    super();
    this.wraps = false;
    this.isFollowing = true;
    this.problem = undefined;
    this.isLoaded = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stops.push(
      this.session.onLog((log) => this.#append(log)),
      this.session.onReload(() => this.#open()),
    );
    if (this.hasUpdated) {
      this.#open();
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) {
      stop();
    }
    this.#frames.cancel();
    this.session.request('stopLog', {}).catch(() => undefined);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('path')) {
      this.isLoaded = false;
      this.isFollowing = true;
      this.#jumpedTo = -1;
      this.#open();
    }
    const virtualizer = this.#virtual.getVirtualizer();
    virtualizer.setOptions({ ...virtualizer.options, count: this.#buffer.lines.length });
    if (changed.has('wraps')) {
      virtualizer.measure();
    }
  }

  protected override updated(): void {
    const scroll = this.#scroller();
    if (this.isFollowing && this.isShown && scroll !== null) {
      scroll.scrollTop = scroll.scrollHeight;
      this.#lastTop = scroll.scrollTop;
    }
  }

  protected override render(): unknown {
    const buffer = this.#buffer;
    const slash = this.path.lastIndexOf('/') + 1;
    return html`
      <div class="bar">
        <span class="clip" title=${this.path}><span class="secondary">${this.path.slice(0, slash)}</span>${this.path.slice(slash)}</span>
        ${this.isLive ? html`<span class="live">${icon('loading', 'small spin')}Live</span>` : nothing}
        <span class="secondary numbers clip">${this.isLoaded ? countOf(buffer.lines.length, 'line') : nothing}</span>
        <span class="tools">
          <button
            class="icon-button"
            title="Follow the end of the log"
            aria-label="Follow the end of the log"
            aria-pressed=${this.isFollowing}
            @click=${() => this.#setFollowing(!this.isFollowing)}
          >
            ${icon('fold-down')}
          </button>
          <button
            class="icon-button"
            title="Wrap long lines"
            aria-label="Wrap long lines"
            aria-pressed=${this.wraps}
            @click=${() => {
              this.wraps = !this.wraps;
            }}
          >
            ${icon('word-wrap')}
          </button>
          <button
            class="icon-button"
            title="Open in the editor"
            aria-label="Open in the editor"
            @click=${() => this.session.act({ action: 'openFile', path: this.path })}
          >
            ${icon('go-to-file')}
          </button>
        </span>
      </div>
      ${this.#notice()}
      <div class="body">
        <div class="scroll" tabindex="0" role="log" aria-live="off" aria-label=${this.path} @scroll=${this.#onScroll}>
          ${this.#lines()}
        </div>
        ${this.isFollowing || !this.isLive ? nothing : this.#paused()}
      </div>
      <div class="status">
        ${this.#levelButton('error', buffer.errorCount)} ${this.#levelButton('warning', buffer.warningCount)}
        <span class="size">${this.bytes === undefined ? nothing : formatSize(this.bytes)}</span>
      </div>
    `;
  }

  #notice(): unknown {
    const { start, droppedLines } = this.#buffer;
    if (this.problem !== undefined) {
      return html`<div class="notice">${this.problem}</div>`;
    }
    const missing =
      start > 0
        ? `The first ${formatSize(start)}`
        : droppedLines > 0
          ? `The first ${countOf(droppedLines, 'line')}`
          : undefined;
    if (missing === undefined) {
      return this.isLoaded && this.#buffer.lines.length === 0
        ? html`<div class="notice">The log is empty so far.</div>`
        : nothing;
    }
    return html`<div class="notice">
      ${missing} of this log are not shown here.
      <button class="link" @click=${() => this.session.act({ action: 'openFile', path: this.path })}>Open the whole file</button>
    </div>`;
  }

  #lines(): unknown {
    const virtualizer = this.#virtual.getVirtualizer();
    const { lines, start, droppedLines } = this.#buffer;
    const digits = String(lines.length + droppedLines).length;
    return html`<div
      class="lines ${this.wraps ? 'wraps' : ''}"
      ${inlineStyle({ height: `${virtualizer.getTotalSize()}px` })}
    >
      ${repeat(
        virtualizer.getVirtualItems(),
        (item) => item.key,
        (item) => {
          const line: LogLine | undefined = lines[item.index];
          return line === undefined
            ? nothing
            : html`<div
                class="line ${line.level ?? ''}"
                data-index=${item.index}
                ${ref((element) => this.wraps && virtualizer.measureElement(element instanceof HTMLElement ? element : null))}
                ${inlineStyle({ transform: `translateY(${item.start}px)` })}
              >
                ${
                  start > 0
                    ? html`<span class="nonumber"></span>`
                    : html`<span class="number" ${inlineStyle({ width: `calc(${Math.max(3, digits)}ch + 22px)` })}>${item.index + 1 + droppedLines}</span>`
                }<span class="text">${lineText(line, (path, place) =>
                  this.session.act({ action: 'openSource', path, line: place }),
                )}</span>
              </div>`;
        },
      )}
    </div>`;
  }

  #paused(): unknown {
    const { lines, droppedLines } = this.#buffer;
    const fresh = Math.max(0, lines.length + droppedLines - this.#linesWhenPaused);
    return html`<div class="paused numbers">
      <span>Not following${fresh === 0 ? nothing : `, ${formatCount(fresh)} new ${fresh === 1 ? 'line' : 'lines'}`}</span>
      <button class="button short" @click=${() => this.#setFollowing(true)}>${icon('arrow-down')}Follow</button>
    </div>`;
  }

  #levelButton(level: LogLevel, count: number): unknown {
    return count === 0
      ? nothing
      : html`<button class="level ${level}s" title="Go to the next ${level}" @click=${() => this.#jump(level)}>
          ${icon(level)}${countOf(count, level)}
        </button>`;
  }

  #open(): void {
    const request = ++this.#request;
    const { path } = this;
    this.session.request('followLog', { path }).then(
      (log) => {
        if (request === this.#request) {
          this.problem = undefined;
          this.isLoaded = true;
          this.#buffer.replace(log);
          this.requestUpdate();
        }
      },
      (error: Error) => {
        if (request === this.#request) {
          this.problem = error.message;
        }
      },
    );
  }

  #append(log: LogModel): void {
    if (log.path !== this.path || !this.isLoaded) {
      return;
    }
    if (this.#buffer.append(log) === 'gap') {
      this.#open();
    } else {
      this.#frames.schedule();
    }
  }

  /** To the next line of a level, and from the last one to the first. */
  #jump(level: LogLevel): void {
    const { lines } = this.#buffer;
    const isFirst = (index: number): boolean => lines[index]?.level === level && lines[index]?.startsBlock === true;
    let target = lines.findIndex((_, index) => index > this.#jumpedTo && isFirst(index));
    if (target === -1) {
      target = lines.findIndex((_, index) => isFirst(index));
    }
    if (target !== -1) {
      this.#jumpedTo = target;
      this.#setFollowing(false);
      this.#virtual.getVirtualizer().scrollToIndex(target, { align: 'center' });
    }
  }

  #setFollowing(isFollowing: boolean): void {
    this.isFollowing = isFollowing;
    this.#linesWhenPaused = this.#buffer.lines.length + this.#buffer.droppedLines;
  }

  #scroller(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.scroll');
  }

  #onScroll = (): void => {
    const scroll = this.#scroller();
    if (scroll === null || !this.isShown) {
      return;
    }
    const isAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < END_REACH;
    if (this.isFollowing && scroll.scrollTop < this.#lastTop - 1 && !isAtEnd) {
      this.#setFollowing(false);
    } else if (!this.isFollowing && isAtEnd && scroll.scrollTop > this.#lastTop) {
      this.#setFollowing(true);
    }
    this.#lastTop = scroll.scrollTop;
  };
}

customElements.define('runledger-log-viewer', LogViewer);
