import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { CompletionModel } from '../../src/protocol/experimentPage.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { type IconName, icon } from '../shared/icons.ts';
import type { ExperimentStore } from './experimentStore.ts';

const MOST_COMPLETIONS = 12;
/** A reader who types on is not asked about each letter. */
const TYPING_MS = 250;

const kindIcons: Readonly<Record<CompletionModel['kind'], IconName>> = {
  field: 'symbol-field',
  operator: 'symbol-operator',
  value: 'symbol-constant',
  keyword: 'symbol-keyword',
};

/** The filter: completion while typing, and what is wrong with it under the place that is. */
export class QueryBar extends LitElement {
  static override properties = {
    store: { attribute: false },
    version: { attribute: false },
    completions: { state: true },
    chosen: { state: true },
    text: { state: true },
  };
  declare store: ExperimentStore;
  declare version: number;
  declare completions: readonly CompletionModel[];
  declare chosen: number;
  declare text: string;

  #typing: ReturnType<typeof setTimeout> | undefined;
  #shown = '';
  #request = 0;

  static override styles = [
    baseStyles,
    css`
      :host {
        position: relative;
        display: block;
        flex: 1 1 260px;
        min-width: 0;
      }
      .box {
        display: flex;
        align-items: center;
        gap: 6px;
        height: calc(26 * var(--rl-unit));
        padding: 0 4px 0 8px;
        color: var(--vscode-input-foreground);
        background: var(--vscode-input-background);
        border: 1px solid var(--vscode-input-border, var(--rl-line));
        border-radius: var(--rl-radius);
      }
      .box:focus-within {
        border-color: var(--vscode-focusBorder);
      }
      .field {
        position: relative;
        flex: 1;
        min-width: 0;
        height: 100%;
        overflow: hidden;
      }
      input,
      .underline {
        position: absolute;
        inset: 0;
        width: 100%;
        padding: 0;
        font-family: var(--rl-mono);
        font-size: calc(12 * var(--rl-unit));
        line-height: calc(24 * var(--rl-unit));
        border: 0;
      }
      input {
        color: inherit;
        background: none;
      }
      input:focus-visible {
        outline: none;
      }
      input::placeholder {
        color: var(--vscode-input-placeholderForeground);
        font-family: var(--vscode-font-family);
      }
      .underline {
        color: transparent;
        white-space: pre;
        pointer-events: none;
      }
      .underline mark {
        color: transparent;
        background: none;
        text-decoration: underline wavy var(--vscode-editorError-foreground, var(--vscode-charts-red));
        text-underline-offset: 3px;
      }
      .message {
        margin: 4px 0 0;
        font-size: calc(12 * var(--rl-unit));
      }
      .message.error {
        color: var(--vscode-errorForeground, var(--vscode-foreground));
      }
      ul {
        position: absolute;
        z-index: 30;
        top: calc(26 * var(--rl-unit) + 2px);
        left: 0;
        right: 0;
        max-width: 560px;
        margin: 0;
        padding: 2px;
        list-style: none;
        color: var(--vscode-editorSuggestWidget-foreground, inherit);
        background: var(--vscode-editorSuggestWidget-background, var(--rl-background));
        border: 1px solid var(--vscode-editorSuggestWidget-border, var(--rl-line));
        border-radius: var(--rl-radius);
        box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
      }
      li {
        display: flex;
        align-items: center;
        gap: 8px;
        height: calc(22 * var(--rl-unit));
        padding: 0 6px;
        font-family: var(--rl-mono);
        font-size: calc(12 * var(--rl-unit));
        cursor: pointer;
      }
      li[aria-selected='true'] {
        color: var(--vscode-editorSuggestWidget-selectedForeground, inherit);
        background: var(--vscode-editorSuggestWidget-selectedBackground, var(--rl-selected-fill));
        outline: var(--rl-menu-selected-outline);
        outline-offset: -1px;
      }
      li .detail {
        flex: 1;
        text-align: end;
        font-family: var(--vscode-font-family);
        font-size: calc(11 * var(--rl-unit));
        opacity: 0.8;
      }
    `,
  ];

  constructor() {
    super();
    this.completions = [];
    this.chosen = 0;
    this.text = '';
  }

  protected override willUpdate(_changed: PropertyValues): void {
    const { filter } = this.store.layout;
    // The filter was changed elsewhere: by a click on a cell, or by a view.
    if (filter !== this.#shown) {
      this.#shown = filter;
      this.text = filter;
    }
  }

  protected override render(): unknown {
    const { problem, listing } = this.store;
    const isOpen = this.completions.length > 0;
    const warnings = listing?.warnings ?? [];
    return html`<div class="box">
        ${icon('list-filter', 'small')}
        <div class="field">
          ${problem === undefined ? nothing : this.#underline(problem)}
          <input
            role="combobox"
            aria-label="Filter runs"
            aria-autocomplete="list"
            aria-expanded=${isOpen}
            aria-controls="completions"
            aria-activedescendant=${isOpen ? `completion-${this.chosen}` : nothing}
            aria-invalid=${problem !== undefined}
            aria-describedby="message"
            autocomplete="off"
            spellcheck="false"
            placeholder="Filter, such as metrics.loss < 0.1 and params.lr = 0.01"
            .value=${this.text}
            @input=${this.#onInput}
            @keydown=${this.#onKey}
            @scroll=${this.#onScroll}
            @blur=${() => {
              this.completions = [];
            }}
          />
        </div>
        ${
          this.text === ''
            ? nothing
            : html`<button class="icon-button" title="Clear filter" aria-label="Clear filter" @click=${() => this.#apply('')}>
                ${icon('close', 'small')}
              </button>`
        }
      </div>
      ${isOpen ? this.#list() : nothing}
      <div id="message" aria-live="polite">
        ${
          problem !== undefined
            ? html`<p class="message error">${problem.message}</p>`
            : warnings.map((warning) => html`<p class="message secondary">${warning}</p>`)
        }
      </div>`;
  }

  /** Focuses the filter. */
  override focus(): void {
    this.#input()?.focus();
  }

  #underline({ position, length }: { readonly position: number; readonly length: number }): unknown {
    // Of what is missing at the end, the space behind the last character is marked.
    const end = position + Math.max(1, length);
    const marked = this.text.slice(position, end) || ' ';
    return html`<div class="underline" aria-hidden="true">${this.text.slice(0, position)}<mark>${marked}</mark></div>`;
  }

  #list(): unknown {
    return html`<ul id="completions" role="listbox" aria-label="What can stand here">
      ${this.completions.map(
        (completion, index) => html`<li
          id="completion-${index}"
          role="option"
          aria-selected=${index === this.chosen}
          @pointerdown=${(event: Event) => event.preventDefault()}
          @click=${() => this.#accept(completion)}
        >
          ${icon(kindIcons[completion.kind], 'small')}<span class="clip">${completion.label}</span>
          <span class="detail clip">${completion.detail ?? ''}</span>
        </li>`,
      )}
    </ul>`;
  }

  #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector('input');
  }

  #onInput = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) {
      this.text = event.target.value;
      void this.#complete();
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => this.#apply(this.text), TYPING_MS);
    }
  };

  /** Long filters scroll in their field, and the mark of the error with them. */
  #onScroll = (event: Event): void => {
    const underline = this.renderRoot.querySelector('.underline');
    if (event.target instanceof HTMLInputElement && underline instanceof HTMLElement) {
      underline.style.setProperty('transform', `translateX(${-event.target.scrollLeft}px)`);
    }
  };

  #onKey = (event: KeyboardEvent): void => {
    const count = this.completions.length;
    if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault();
      void this.#complete();
      return;
    }
    if (event.key === 'Enter' && (count === 0 || !event.shiftKey)) {
      event.preventDefault();
      const completion = this.completions[this.chosen];
      if (completion !== undefined && this.#hasChosen) {
        this.#accept(completion);
      } else {
        this.#apply(this.text);
        this.completions = [];
      }
      return;
    }
    if (count === 0) {
      return;
    }
    const completion = this.completions[this.chosen];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      this.chosen = (this.chosen + (event.key === 'ArrowDown' ? 1 : count - 1)) % count;
      this.#hasChosen = true;
    } else if (event.key === 'Tab' && !event.shiftKey && completion !== undefined) {
      event.preventDefault();
      this.#accept(completion);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      this.completions = [];
    }
  };

  /** Whether the reader moved in the list: else Enter means the filter as it is. */
  #hasChosen = false;

  #accept({ insertText, start, end }: CompletionModel): void {
    const input = this.#input();
    const isWord = !/[\s(]$/.test(insertText);
    const text = `${this.text.slice(0, start)}${insertText}${isWord ? ' ' : ''}`;
    this.text = text + this.text.slice(end).trimStart();
    void this.updateComplete.then(() => {
      input?.focus();
      input?.setSelectionRange(text.length, text.length);
      return this.#complete();
    });
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#apply(this.text), TYPING_MS);
  }

  async #complete(): Promise<void> {
    const request = ++this.#request;
    const offset = this.#input()?.selectionStart ?? this.text.length;
    const found = await this.store.client.request('completions', { filter: this.text, offset });
    if (request === this.#request) {
      this.completions = found.slice(0, MOST_COMPLETIONS);
      this.chosen = 0;
      this.#hasChosen = false;
    }
  }

  #apply(filter: string): void {
    clearTimeout(this.#typing);
    this.text = filter;
    if (filter !== this.store.layout.filter) {
      this.#shown = filter;
      void this.store.change({ filter });
    }
  }
}

customElements.define('runledger-query-bar', QueryBar);
