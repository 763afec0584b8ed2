import { VirtualizerController } from '@tanstack/lit-virtual';
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { FileModel, FilePreviewModel } from '../../../src/protocol/runPage.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { countOf, formatSize } from '../../shared/formatSizes.ts';
import { icon } from '../../shared/icons.ts';
import { inlineStyle } from '../../shared/inlineStyle.ts';
import { markdown, markdownStyles } from '../../shared/markdown.ts';
import type { RunSession } from '../runSession.ts';
import '../tables/dataTable.ts';
import { failed, type Loaded } from '../tables/loaded.ts';
import { filePreviewStyles, previewLineHeight } from './filePreviewStyles.ts';
import { fileTools } from './fileTools.ts';

/** What a file holds: text, a table, an image, Markdown; anything else is for the editor. */
export class FilePreview extends LitElement {
  static override properties = {
    file: { attribute: false },
    session: { attribute: false },
    loaded: { state: true },
    showsSource: { state: true },
  };
  declare file: FileModel;
  declare session: RunSession;
  declare loaded: Loaded<FilePreviewModel>;
  declare showsSource: boolean;

  #lines: readonly string[] = [];
  /** Only the answer to the last request counts. */
  #request = 0;
  #stopListening: (() => void) | undefined;
  readonly #virtual = new VirtualizerController<HTMLElement, HTMLElement>(this, {
    count: 0,
    getScrollElement: () => this.renderRoot?.querySelector<HTMLElement>('.lines') ?? null,
    estimateSize: () => previewLineHeight,
    overscan: 20,
  });

  static override styles = [baseStyles, markdownStyles, filePreviewStyles];

  constructor() {
    super();
    this.loaded = { kind: 'loading' };
    this.showsSource = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopListening = this.session.onReload(() => this.#load());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopListening?.();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('file')) {
      const before = changed.get('file') as FileModel | undefined;
      if (before?.path !== this.file.path) {
        this.loaded = { kind: 'loading' };
        this.#load();
      } else if (before.modifiedTime !== this.file.modifiedTime || before.bytes !== this.file.bytes) {
        this.#load();
      }
    }
    if (changed.has('loaded')) {
      this.#lines = this.#readLines();
    }
    const virtualizer = this.#virtual.getVirtualizer();
    virtualizer.setOptions({ ...virtualizer.options, count: this.#lines.length });
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('loaded') || changed.has('showsSource')) {
      // The element that scrolls may exist only now, so the lines that fit can be told only now.
      this.requestUpdate();
    }
  }

  protected override render(): unknown {
    const { path, bytes } = this.file;
    const slash = path.lastIndexOf('/') + 1;
    return html`
      <div class="bar">
        <span class="clip" title=${path}><span class="secondary">${path.slice(0, slash)}</span>${path.slice(slash)}</span>
        <span class="secondary numbers clip">${formatSize(bytes)}</span>
        <span class="tools">${this.#sourceButton()} ${fileTools(this.session, path)}</span>
      </div>
      ${this.#notice()} ${this.#content()}
    `;
  }

  #sourceButton(): unknown {
    return this.#isMarkdown() && this.loaded.kind === 'ready' && this.loaded.value.kind === 'text'
      ? html`<button
          class="icon-button"
          title="Show the source"
          aria-label="Show the source"
          aria-pressed=${this.showsSource}
          @click=${() => {
            this.showsSource = !this.showsSource;
          }}
        >
          ${icon('code')}
        </button>`
      : nothing;
  }

  #notice(): unknown {
    const { loaded } = this;
    if (loaded.kind === 'failed') {
      return html`<div class="notice" role="alert">${loaded.message}</div>`;
    }
    const isCut = loaded.kind === 'ready' && 'isCut' in loaded.value && loaded.value.isCut;
    return isCut
      ? html`<div class="notice">
          The beginning of this file is shown.
          <button class="link" @click=${() => this.session.act({ action: 'openFile', path: this.file.path })}>
            Open the whole file
          </button>
        </div>`
      : nothing;
  }

  #content(): unknown {
    if (this.loaded.kind !== 'ready') {
      return nothing;
    }
    const preview = this.loaded.value;
    const { path } = this.file;
    switch (preview.kind) {
      case 'image':
        return html`<div class="body picture"><img src=${preview.uri} alt=${path} /></div>`;
      case 'table':
        return html`<runledger-data-table .data=${preview.table} .label=${path}></runledger-data-table>`;
      case 'binary':
        return this.#forEditor('This file is no text.');
      case 'text':
        if (path.endsWith('.ipynb')) {
          return this.#forEditor('Notebooks are shown by the editor.');
        }
        return this.#isMarkdown() && !this.showsSource
          ? html`<div class="body page" tabindex="0" role="region" aria-label=${path}>${markdown(preview.text)}</div>`
          : this.#text();
      default:
        return preview satisfies never;
    }
  }

  #forEditor(reason: string): unknown {
    return html`<p class="empty">
      ${reason}
      <button class="link" @click=${() => this.session.act({ action: 'openFile', path: this.file.path })}>Open it in the editor</button>
    </p>`;
  }

  #text(): unknown {
    const virtualizer = this.#virtual.getVirtualizer();
    const label = `${this.file.path}, ${countOf(this.#lines.length, 'line')}`;
    return html`<div class="body lines" tabindex="0" role="region" aria-label=${label}>
      <div class="canvas" ${inlineStyle({ height: `${virtualizer.getTotalSize()}px` })}>
        ${virtualizer
          .getVirtualItems()
          .map(
            ({ index, start }) =>
              html`<div class="line" ${inlineStyle({ transform: `translateY(${start}px)` })}>${this.#lines[index]}</div>`,
          )}
      </div>
    </div>`;
  }

  #isMarkdown(): boolean {
    return /\.(?:md|markdown)$/i.test(this.file.path);
  }

  #readLines(): readonly string[] {
    if (this.loaded.kind !== 'ready' || this.loaded.value.kind !== 'text') {
      return [];
    }
    const { text, isCut } = this.loaded.value;
    return (isCut || !/\.json$/i.test(this.file.path) ? text : indented(text)).split(/\r?\n/);
  }

  #load(): void {
    const request = ++this.#request;
    this.session.request('preview', { path: this.file.path }).then(
      (value) => this.#keep(request, { kind: 'ready', value }),
      (error) => this.#keep(request, failed(error)),
    );
  }

  #keep(request: number, loaded: Loaded<FilePreviewModel>): void {
    if (request === this.#request) {
      this.loaded = loaded;
    }
  }
}

/** JSON on lines of its own; what is no JSON, or was laid out by somebody, stays as it is. */
function indented(text: string): string {
  if (text.trimEnd().includes('\n')) {
    return text;
  }
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

customElements.define('runledger-file-preview', FilePreview);
