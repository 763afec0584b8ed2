import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { AnnotateParams } from '../../src/protocol/runPage.ts';
import type { Annotator } from './annotator.ts';
import { baseStyles } from './baseStyles.ts';
import { formatCount } from './formatNumbers.ts';
import { icon } from './icons.ts';
import { inputStyles } from './inputStyles.ts';
import { sectionStyles } from './sectionStyles.ts';
import { tagChange } from './tagChange.ts';

type Tag = readonly [name: string, value: string | null];

/** The tags of a run, each of which can be changed and removed, and a field for another. */
export class RunTags extends LitElement {
  static override properties = {
    tags: { attribute: false },
    session: { attribute: false },
    edited: { state: true },
    problem: { state: true },
  };
  declare tags: readonly Tag[];
  declare session: Annotator;
  /** The name of the tag that is being changed, empty for a new one; undefined where none is. */
  declare edited: string | undefined;
  declare problem: string | undefined;

  static override styles = [
    baseStyles,
    sectionStyles,
    inputStyles,
    css`
      .tag {
        display: inline-flex;
        align-items: center;
        padding: 0;
        overflow: hidden;
      }
      .tag button {
        height: calc(20 * var(--rl-unit));
        background: none;
        border: 0;
      }
      .tag .name {
        padding: 0 2px 0 6px;
      }
      .tag .remove {
        display: inline-flex;
        align-items: center;
        padding: 0 4px 0 2px;
        color: var(--rl-secondary);
      }
      .tag button:hover {
        color: var(--vscode-foreground);
        background: var(--rl-hover-fill);
      }
      .tag .icon {
        font-size: calc(12 * var(--rl-unit));
      }
      .add {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        padding: 0 6px;
        line-height: calc(18 * var(--rl-unit));
        font-size: calc(11 * var(--rl-unit));
        color: var(--rl-secondary);
        background: none;
        border: 1px dashed var(--rl-line-hover);
        border-radius: var(--rl-radius);
      }
      .add:hover {
        color: var(--vscode-foreground);
      }
      .add .icon {
        font-size: calc(12 * var(--rl-unit));
      }
      form {
        display: flex;
        gap: 4px;
        width: 100%;
      }
      form .input {
        flex: 1;
        width: 0;
      }
    `,
  ];

  constructor() {
    super();
    this.tags = [];
    this.edited = undefined;
    this.problem = undefined;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('edited') && this.edited !== undefined) {
      this.renderRoot.querySelector<HTMLElement>(this.edited === '' ? '#name' : '#value')?.focus();
    }
  }

  protected override render(): unknown {
    return html`<section aria-label="Tags">
      <div class="heading">
        <h2>Tags</h2>
        ${this.tags.length === 0 ? nothing : html`<span class="count">${formatCount(this.tags.length)}</span>`}
      </div>
      <div class="tags">
        ${repeat(
          this.tags,
          ([name]) => name,
          (tag) => (tag[0] === this.edited ? this.#form(tag) : this.#tag(tag)),
        )}
        ${
          this.edited === ''
            ? this.#form(['', null])
            : html`<button class="add" id="add" @click=${() => this.#edit('')}>${icon('add')}Add tag</button>`
        }
      </div>
      ${this.problem === undefined ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
    </section>`;
  }

  #tag([name, value]: Tag): unknown {
    return html`<span class="tag"
      ><button class="name clip" title=${value === null ? name : `${name}: ${value}`} aria-label="${value === null ? name : `${name} ${value}`}: change the tag" @click=${() => this.#edit(name)}>${
        value === null ? name : html`<span class="secondary">${name}</span> ${value}`
      }</button
      ><button class="remove" title="Remove the tag" aria-label="Remove the tag ${name}" @click=${() => this.#send({ removeTags: [name] })}>${icon('close')}</button
    ></span>`;
  }

  #form([name, value]: Tag): unknown {
    return html`<form @submit=${this.#submit} @keydown=${this.#onKey}>
      <input class="input short" id="name" aria-label="Tag" placeholder="tag" autocomplete="off" .value=${name} />
      <input class="input short" id="value" aria-label="Value" placeholder="value, if any" autocomplete="off" .value=${value ?? ''} />
      <button class="icon-button" title="Save (Enter)" aria-label="Save the tag">${icon('check', 'small')}</button>
      <button class="icon-button" type="button" title="Cancel (Esc)" aria-label="Cancel" @click=${this.#close}>
        ${icon('close', 'small')}
      </button>
    </form>`;
  }

  #edit(name: string): void {
    this.problem = undefined;
    this.edited = name;
  }

  #close = (): void => {
    this.edited = undefined;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('#add')?.focus());
  };

  #submit = (event: Event): void => {
    event.preventDefault();
    const field = (id: string): string => this.renderRoot.querySelector<HTMLInputElement>(`#${id}`)?.value ?? '';
    const before = this.tags.find(([name]) => name === this.edited);
    const change = tagChange(before, field('name'), field('value'));
    if (change === undefined) {
      this.#close();
    } else {
      this.#send(change);
    }
  };

  #send(change: AnnotateParams): void {
    this.problem = undefined;
    this.session.request('annotate', change).then(
      () => this.#close(),
      (error: Error) => {
        this.problem = error.message;
      },
    );
  }

  #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.preventDefault();
      this.#close();
    }
  };
}

customElements.define('runledger-run-tags', RunTags);
