import { css, html, LitElement, nothing } from 'lit';
import type { LogMatchesModel } from '../../../src/protocol/runPage.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { formatCount } from '../../shared/formatNumbers.ts';
import { icon } from '../../shared/icons.ts';
import { inputStyles } from '../../shared/inputStyles.ts';
import type { FindQuery } from './textMatches.ts';

/** A field to search a log with. Tells of what is written with a `find` event, and of a step with `find-step` (1 or -1). */
export class FindBar extends LitElement {
  static override properties = {
    result: { attribute: false },
    place: { attribute: false },
    problem: { attribute: false },
    isCaseSensitive: { state: true },
    text: { state: true },
  };
  declare result: LogMatchesModel | undefined;
  declare place: number | undefined;
  declare problem: string | undefined;
  declare isCaseSensitive: boolean;
  declare text: string;

  static override styles = [
    baseStyles,
    inputStyles,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 4px;
        min-width: 0;
        font-size: calc(12 * var(--rl-unit));
      }
      .field {
        position: relative;
        display: flex;
        flex: 1;
        align-items: center;
        min-width: 90px;
      }
      .field > .icon {
        position: absolute;
        left: 7px;
        pointer-events: none;
        color: var(--rl-secondary);
      }
      .field .input {
        width: 100%;
        padding-inline: 26px 26px;
      }
      .field .icon-button {
        position: absolute;
        right: 2px;
      }
      .places {
        flex: none;
        min-width: 72px;
        padding-inline: 4px;
        color: var(--rl-secondary);
        font-variant-numeric: tabular-nums;
      }
      .places.none {
        color: var(--vscode-foreground);
      }
      @media (max-width: 599px) {
        .places {
          min-width: 0;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.isCaseSensitive = false;
    this.text = '';
  }

  protected override render(): unknown {
    const isOff = this.text === '';
    return html`
      <span class="field">
        ${icon('search', 'small')}
        <input
          class="input short"
          type="text"
          aria-label="Search the log"
          placeholder="Search"
          autocomplete="off"
          spellcheck="false"
          .value=${this.text}
          @input=${(event: InputEvent) => this.#take((event.target as HTMLInputElement).value, this.isCaseSensitive)}
          @keydown=${this.#onKey}
        />
        <button
          class="icon-button"
          title="Match case"
          aria-label="Match case"
          aria-pressed=${this.isCaseSensitive}
          @click=${() => this.#take(this.text, !this.isCaseSensitive)}
        >
          ${icon('case-sensitive', 'small')}
        </button>
      </span>
      ${isOff ? nothing : this.#places()}
      ${
        isOff
          ? nothing
          : html`<button class="icon-button" title="Previous line (Shift+Enter)" aria-label="Previous match" @click=${() => this.#step(-1)}>
                ${icon('arrow-up')}
              </button>
              <button class="icon-button" title="Next line (Enter)" aria-label="Next match" @click=${() => this.#step(1)}>
                ${icon('arrow-down')}
              </button>`
      }
    `;
  }

  #places(): unknown {
    const { result, place, problem } = this;
    const text =
      problem !== undefined
        ? 'not searched'
        : result === undefined
          ? nothing
          : result.count === 0
            ? 'No lines'
            : `${place === undefined ? '' : `${formatCount(place)} of `}${formatCount(result.count)}`;
    return html`<span
      class="places ${result?.count === 0 ? 'none' : ''}"
      role="status"
      title=${problem ?? 'Lines that hold the text, in the whole file'}
      >${text}</span
    >`;
  }

  #take(text: string, isCaseSensitive: boolean): void {
    this.text = text;
    this.isCaseSensitive = isCaseSensitive;
    this.dispatchEvent(new CustomEvent<FindQuery>('find', { detail: { text, isCaseSensitive } }));
  }

  #step(direction: 1 | -1): void {
    this.dispatchEvent(new CustomEvent<1 | -1>('find-step', { detail: direction }));
  }

  #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      event.preventDefault();
      this.#step(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape' && this.text !== '') {
      event.preventDefault();
      this.#take('', this.isCaseSensitive);
    }
  };
}

customElements.define('runledger-find-bar', FindBar);
