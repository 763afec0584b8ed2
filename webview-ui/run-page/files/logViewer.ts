import { VirtualizerController } from '@tanstack/lit-virtual';
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import type { LogModel } from '../../../src/protocol/runPage.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { formatCount } from '../../shared/formatNumbers.ts';
import { countOf, formatSize } from '../../shared/formatSizes.ts';
import { FrameScheduler } from '../../shared/frames.ts';
import { type IconName, icon } from '../../shared/icons.ts';
import { inlineStyle } from '../../shared/inlineStyle.ts';
import type { RunSession } from '../runSession.ts';
import { fileTools } from './fileTools.ts';
import { hasTimestamps, LogBuffer, type LogLevel, type LogLine } from './logBuffer.ts';
import './findBar.ts';
import { LogFind } from './logFind.ts';
import { lineText } from './logLineView.ts';
import { LogMarks } from './logMarks.ts';
import { logNotice } from './logNotice.ts';
import './logRuler.ts';
import { logViewerStyles } from './logViewerStyles.ts';
import type { FindQuery } from './textMatches.ts';

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
    hidesTime: { state: true },
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
  declare hidesTime: boolean;
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
  /** A part in the midst of the log is shown, which is not followed. */
  #isPart = false;
  readonly #marks = new LogMarks();
  /** The line to show once it is there. */
  #lineToShow: number | undefined;
  readonly #find = new LogFind(
    this,
    () => ({
      session: this.session,
      path: this.path,
      end: this.#buffer.end,
      firstSeenLine: this.#numberOf(this.#virtual.getVirtualizer().range?.startIndex ?? 0) ?? 0,
    }),
    (line) => this.#goTo(line),
  );
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
    this.hidesTime = false;
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
      this.#find.reset();
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
    } else if (this.#lineToShow !== undefined && this.isLoaded) {
      const index = this.#indexOf(this.#lineToShow);
      this.#lineToShow = undefined;
      this.#virtual.getVirtualizer().scrollToIndex(index ?? 0, { align: 'center' });
    }
  }

  protected override render(): unknown {
    const buffer = this.#buffer;
    const slash = this.path.lastIndexOf('/') + 1;
    return html`
      <div class="bar">
        <span class="clip" title=${this.path}><span class="secondary">${this.path.slice(0, slash)}</span>${this.path.slice(slash)}</span>
        ${this.isLive && !this.#isPart ? html`<span class="live">${icon('loading', 'small spin')}Live</span>` : nothing}
        <span class="secondary numbers clip lines-count">${this.isLoaded ? countOf(buffer.lines.length, 'line') : nothing}</span>
        <runledger-find-bar
          .result=${this.#find.result}
          .place=${this.#find.place}
          .problem=${this.#find.problem}
          @find=${(event: CustomEvent<FindQuery>) => this.#find.start(event.detail)}
          @find-step=${(event: CustomEvent<1 | -1>) => this.#find.step(event.detail)}
        ></runledger-find-bar>
        <span class="tools">
          ${toggle('fold-down', 'Follow the end of the log', this.isFollowing, () => this.#setFollowing(!this.isFollowing))}
          ${toggle('word-wrap', 'Wrap long lines', this.wraps, () => {
            this.wraps = !this.wraps;
          })}
          ${
            hasTimestamps(buffer.lines)
              ? toggle('history', 'Show the time of each line', !this.hidesTime, () => {
                  this.hidesTime = !this.hidesTime;
                })
              : nothing
          }
          ${fileTools(this.session, this.path)}
        </span>
      </div>
      ${this.#notice()}
      <div class="body">
        <div class="scroll" tabindex="0" role="log" aria-live="off" aria-label=${this.path} @scroll=${this.#onScroll}>
          ${this.#lines()}
        </div>
        <runledger-log-ruler
          aria-hidden="true"
          .marks=${this.#marks.of(buffer, this.#numberOf(0), this.#find.result)}
          @choose-place=${(event: CustomEvent<number>) => this.#scrollTo(event.detail)}
        ></runledger-log-ruler>
        ${this.isFollowing || !this.isLive ? nothing : this.#paused()}
      </div>
      <div class="status">
        ${this.#levelButton('error', buffer.errorCount)} ${this.#levelButton('warning', buffer.warningCount)}
        <span class="size">${this.bytes === undefined ? nothing : formatSize(this.bytes)}</span>
      </div>
    `;
  }

  #notice(): unknown {
    return logNotice(this.#buffer, {
      problem: this.problem,
      isLoaded: this.isLoaded,
      firstLineOfPart: this.#isPart ? this.#numberOf(0) : undefined,
      openFile: () => this.session.act({ action: 'openFile', path: this.path }),
      goToEnd: () => this.#setFollowing(true),
    });
  }

  #lines(): unknown {
    const virtualizer = this.#virtual.getVirtualizer();
    const { lines } = this.#buffer;
    const digits = String((this.#numberOf(lines.length) ?? 0) + 1).length;
    const { query: find, current } = this.#find;
    const reading = { find, hidesTime: this.hidesTime };
    return html`<div
      class="lines ${this.wraps ? 'wraps' : ''}"
      ${inlineStyle({ height: `${virtualizer.getTotalSize()}px` })}
    >
      ${repeat(
        virtualizer.getVirtualItems(),
        (item) => item.key,
        (item) => {
          const line: LogLine | undefined = lines[item.index];
          const number = this.#numberOf(item.index);
          return line === undefined
            ? nothing
            : html`<div
                class="line ${line.level ?? ''} ${number !== undefined && number === current ? 'current' : ''}"
                data-index=${item.index}
                ${ref((element) => this.wraps && virtualizer.measureElement(element instanceof HTMLElement ? element : null))}
                ${inlineStyle({ transform: `translateY(${item.start}px)` })}
              >
                ${
                  number === undefined
                    ? html`<span class="nonumber"></span>`
                    : html`<span class="number" ${inlineStyle({ width: `calc(${Math.max(3, digits)}ch + 22px)` })}>${number + 1}</span>`
                }<span class="text">${lineText(line, reading, (path, place) =>
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

  #scrollTo(place: number): void {
    const scroll = this.#scroller();
    if (scroll !== null) {
      this.#setFollowing(false);
      scroll.scrollTop = place * scroll.scrollHeight - scroll.clientHeight / 2;
    }
  }

  /** The number in the file of a line that is loaded, from 0. */
  #numberOf(index: number): number | undefined {
    const { firstLine, droppedLines } = this.#buffer;
    return firstLine === undefined ? undefined : firstLine + droppedLines + index;
  }

  #indexOf(line: number): number | undefined {
    const first = this.#numberOf(0);
    const index = first === undefined ? -1 : line - first;
    return index >= 0 && index < this.#buffer.lines.length ? index : undefined;
  }

  /** Shows a line of the file, from wherever it is. */
  #goTo(line: number): void {
    this.#stopFollowing();
    this.#lineToShow = line;
    if (this.#indexOf(line) === undefined) {
      this.#load(() => this.session.request('readLog', { path: this.path, line }), true);
    }
    this.requestUpdate();
  }

  #open(): void {
    const { path } = this;
    this.#load(() => this.session.request('followLog', { path }), false);
  }

  #load(ask: () => Promise<LogModel>, isPart: boolean): void {
    const request = ++this.#request;
    ask().then(
      (log) => {
        if (request === this.#request) {
          this.problem = undefined;
          this.isLoaded = true;
          this.#isPart = isPart;
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
    if (log.path !== this.path || !this.isLoaded || this.#isPart) {
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
    if (isFollowing && this.#isPart) {
      this.#open();
    }
    if (!isFollowing) {
      this.#stopFollowing();
    }
    this.isFollowing = isFollowing;
  }

  #stopFollowing(): void {
    this.isFollowing = false;
    this.#linesWhenPaused = this.#buffer.lines.length + this.#buffer.droppedLines;
  }

  /** The reader came to the end of what is loaded. */
  #goOn(): void {
    const last = this.#numberOf(this.#buffer.lines.length - 1);
    if (this.#isPart && last !== undefined && this.#buffer.end < (this.bytes ?? 0)) {
      this.#load(() => this.session.request('readLog', { path: this.path, line: last }), true);
      this.#lineToShow = last;
    } else {
      this.#setFollowing(true);
    }
  }

  /** The reader came to the beginning of what is loaded, which may not be that of the file. */
  #goBack(): void {
    const first = this.#numberOf(0);
    if (first !== undefined && first > 0) {
      this.#load(() => this.session.request('readLog', { path: this.path, line: first }), true);
      this.#lineToShow = first;
    }
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
      this.#goOn();
    } else if (!this.isFollowing && scroll.scrollTop === 0 && this.#lastTop > 0) {
      this.#goBack();
    }
    this.#lastTop = scroll.scrollTop;
  };
}

function toggle(name: IconName, label: string, isOn: boolean, run: () => void): unknown {
  return html`<button class="icon-button" title=${label} aria-label=${label} aria-pressed=${isOn} @click=${run}>${icon(name)}</button>`;
}

customElements.define('runledger-log-viewer', LogViewer);
