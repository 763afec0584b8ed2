import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Annotator } from './annotator.ts';
import { baseStyles } from './baseStyles.ts';
import { icon } from './icons.ts';
import { inputStyles } from './inputStyles.ts';
import { markdown, markdownStyles } from './markdown.ts';
import { sectionStyles } from './sectionStyles.ts';

/** A text that people keep on a run or a version of a model, in Markdown, and a field to change it. */
export class MarkdownSection extends LitElement {
  static override properties = {
    heading: { type: String },
    field: { type: String },
    text: { attribute: false },
    placeholder: { type: String },
    session: { attribute: false },
    draft: { state: true },
    isSaving: { state: true },
    problem: { state: true },
  };
  declare heading: string;
  /** Under which name the text is recorded. */
  declare field: 'description' | 'notes';
  declare text: string | undefined;
  /** What an empty field asks for. */
  declare placeholder: string;
  declare session: Annotator;
  /** What is being written; undefined as long as nobody writes. */
  declare draft: string | undefined;
  declare isSaving: boolean;
  declare problem: string | undefined;

  static override styles = [
    baseStyles,
    sectionStyles,
    inputStyles,
    markdownStyles,
    css`
      .text {
        padding-bottom: 6px;
      }
      textarea {
        display: block;
        width: 100%;
        min-height: calc(120 * var(--rl-unit));
        max-height: 60vh;
        field-sizing: content;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
        padding: 8px 0;
      }
      .actions .secondary {
        font-size: calc(11 * var(--rl-unit));
      }
    `,
  ];

  constructor() {
    super();
    this.draft = undefined;
    this.isSaving = false;
    this.problem = undefined;
    this.heading = 'Description';
    this.field = 'description';
    this.placeholder = '';
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('draft') && changed.get('draft') === undefined && this.draft !== undefined) {
      this.renderRoot.querySelector('textarea')?.focus();
    }
  }

  protected override render(): unknown {
    const label = `Edit the ${this.heading.toLowerCase()}`;
    return html`<section aria-label=${this.heading}>
      <div class="heading">
        <h2>${this.heading}</h2>
        ${
          this.draft === undefined
            ? html`<button
                class="icon-button end"
                id="edit"
                title=${label}
                aria-label=${label}
                @click=${this.#edit}
              >
                ${icon('edit', 'small')}
              </button>`
            : nothing
        }
      </div>
      ${this.draft === undefined ? this.#shown() : this.#form(this.draft)}
    </section>`;
  }

  #shown(): unknown {
    return this.text === undefined || this.text.trim() === ''
      ? html`<p class="hint"><button class="link" @click=${this.#edit}>Add ${this.field === 'notes' ? 'notes' : 'a description'}</button></p>`
      : html`<div class="text">${markdown(this.text)}</div>`;
  }

  #form(draft: string): unknown {
    return html`
      <textarea
        class="input"
        aria-label="${this.heading}, in Markdown"
        placeholder=${this.placeholder}
        .value=${draft}
        ?disabled=${this.isSaving}
        @input=${(event: InputEvent) => {
          this.draft = (event.target as HTMLTextAreaElement).value;
        }}
        @keydown=${this.#onKey}
      ></textarea>
      ${this.problem === undefined ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      <div class="actions">
        <button class="button" ?disabled=${this.isSaving} @click=${this.#save}>Save</button>
        <button class="button" ?disabled=${this.isSaving} @click=${this.#close}>Cancel</button>
        <span class="secondary">Markdown. Ctrl+Enter saves, Esc cancels.</span>
      </div>
    `;
  }

  #edit = (): void => {
    this.problem = undefined;
    this.draft = this.text ?? '';
  };

  #close = (): void => {
    this.draft = undefined;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('#edit')?.focus());
  };

  #save = (): void => {
    const text = (this.draft ?? '').trim();
    if (text === (this.text ?? '')) {
      this.#close();
      return;
    }
    this.isSaving = true;
    this.problem = undefined;
    this.session
      .request('annotate', { [this.field]: text === '' ? null : text })
      .then(
        () => this.#close(),
        (error: Error) => {
          this.problem = error.message;
        },
      )
      .finally(() => {
        this.isSaving = false;
      });
  };

  #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.preventDefault();
      this.#close();
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#save();
    }
  };
}

customElements.define('runledger-markdown-section', MarkdownSection);
