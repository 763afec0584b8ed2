import { html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ModelPageModel, ModelVersionModel } from '../../src/protocol/modelPage.ts';
import { fileIcon } from '../shared/fileIcon.ts';
import '../shared/markdownSection.ts';
import '../shared/tagsSection.ts';
import type { Annotator } from '../shared/annotator.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { formatCount } from '../shared/formatNumbers.ts';
import { countOf, formatSize } from '../shared/formatSizes.ts';
import { formatDate } from '../shared/formatTimes.ts';
import { icon } from '../shared/icons.ts';
import type { MenuItem } from '../shared/menuItems.ts';
import '../shared/menuButton.ts';
import { sectionStyles } from '../shared/sectionStyles.ts';
import { chosenMetrics, readable } from './chosenMetrics.ts';
import { lineage } from './lineage.ts';
import { loadCode } from './loadCode.ts';
import { metricByVersion } from './metricByVersion.ts';
import type { ModelSession } from './modelSession.ts';
import { modelStyles } from './modelStyles.ts';

const MOST_FILES = 200;

/** Everything about one version. */
export class VersionDetail extends LitElement {
  static override properties = {
    model: { attribute: false },
    version: { attribute: false },
    session: { attribute: false },
    isNarrow: { type: Boolean },
  };
  declare model: ModelPageModel;
  declare version: ModelVersionModel;
  declare session: ModelSession;
  declare isNarrow: boolean;

  #annotator: { readonly version: number; readonly annotator: Annotator } | undefined;

  static override styles = [baseStyles, sectionStyles, modelStyles];

  protected override render(): unknown {
    const { version, session, model } = this;
    return html`
      <div class="title">
        <h2>Version ${version.version}</h2>
        <span class="actions">
          <button class="button short" @click=${() => session.act({ action: 'download', version: version.version })}>
            ${icon('cloud-download')}Download…
          </button>
          ${
            this.isNarrow
              ? nothing
              : html`<button
                    class="button short"
                    @click=${() => session.act({ action: 'revealFolder', version: version.version })}
                  >
                    ${icon('folder-opened')}Reveal files
                  </button>
                  <button class="button short" title="Python that finds this version" @click=${this.#copyCode}>
                    ${icon('copy')}Copy load code
                  </button>`
          }
          <runledger-menu-button label="More actions on version ${version.version}" .items=${this.#menu()}></runledger-menu-button>
        </span>
      </div>
      <div class="columns">
        <div>
          ${section('Lineage', undefined, lineage(version, model.hasRuns, session))}
          <runledger-markdown-section
            .text=${version.description}
            .session=${this.#annotate()}
            placeholder="What this version is good for"
          ></runledger-markdown-section>
          ${this.#files()}
        </div>
        <div>
          ${this.#chart()} ${section('Attributes', undefined, this.#attributes())}
          <runledger-run-tags .tags=${version.tags} .session=${this.#annotate()}></runledger-run-tags>
          ${this.#properties()}
        </div>
      </div>
    `;
  }

  #files(): unknown {
    const { files, bytes, version } = this.version;
    const left = files.length - MOST_FILES;
    return section(
      'Files',
      undefined,
      files.length === 0
        ? html`<p class="hint">The files of this version are gone from the workspace.</p>`
        : html`<ul class="files">
            ${repeat(
              files.slice(0, MOST_FILES),
              ({ path }) => path,
              ({ path, bytes: size }) => html`<li>
                ${icon(fileIcon(path), 'small')}
                <button
                  class="link clip"
                  title="Open ${path}"
                  @click=${() => this.session.act({ action: 'openFile', version, path })}
                >${path}</button>
                <span class="size">${formatSize(size)}</span>
              </li>`,
            )}
            ${left > 0 ? html`<li class="secondary">and ${countOf(left, 'more file')}</li>` : nothing}
          </ul>`,
      html`<span class="count">${formatCount(files.length)}, ${formatSize(bytes)}</span>`,
    );
  }

  #chart(): unknown {
    const versions = readable(this.model);
    const [name] = chosenMetrics(versions, 1);
    const chart = name === undefined ? nothing : metricByVersion(versions, name, this.version.version);
    return chart === nothing ? nothing : section(`${name} by version`, undefined, chart);
  }

  #attributes(): unknown {
    const { id, createdTime, user, framework, path } = this.version;
    return html`<dl>
      <dt>Model id</dt>
      <dd class="with-icon">
        <span class="mono clip" title=${id}>${id}</span>
        <button
          class="icon-button"
          title="Copy the model id"
          aria-label="Copy the model id"
          @click=${() => this.session.act({ action: 'copyText', text: id })}
        >
          ${icon('copy', 'small')}
        </button>
      </dd>
      <dt>Registered</dt>
      <dd>${formatDate(createdTime)}</dd>
      <dt>By</dt>
      <dd class="clip ${user === undefined ? 'secondary' : ''}" title=${user ?? ''}>${user ?? 'not known'}</dd>
      <dt>Framework</dt>
      <dd class="clip ${framework === undefined ? 'secondary' : ''}" title=${framework ?? ''}>${framework ?? 'not set'}</dd>
      <dt>Path</dt>
      <dd class="mono clip" title=${path ?? ''}>${path ?? ''}</dd>
    </dl>`;
  }

  #properties(): unknown {
    const { properties, version } = this.version;
    return section(
      'Properties',
      properties.length,
      properties.length === 0
        ? html`<p class="hint">None. A property can be added, and not be changed or removed.</p>`
        : html`<dl>
            ${properties.map(
              ([name, value]) =>
                html`<dt class="mono clip" title=${name}>${name}</dt><dd class="clip" title=${value}>${value}</dd>`,
            )}
          </dl>`,
      html`<button
        class="icon-button end"
        title="Add a property"
        aria-label="Add a property"
        @click=${() => this.session.act({ action: 'addProperty', version })}
      >
        ${icon('add', 'small')}
      </button>`,
    );
  }

  #menu(): readonly MenuItem[] {
    const { version, id } = this.version;
    const narrow: readonly MenuItem[] = [
      {
        label: 'Reveal files',
        icon: 'folder-opened',
        run: () => this.session.act({ action: 'revealFolder', version }),
      },
      { label: 'Copy load code', icon: 'copy', run: this.#copyCode },
    ];
    return [
      ...(this.isNarrow ? narrow : []),
      { label: 'Copy model id', icon: 'copy', run: () => this.session.act({ action: 'copyText', text: id }) },
      { label: 'Add property…', icon: 'add', run: () => this.session.act({ action: 'addProperty', version }) },
      {
        label: 'Delete…',
        icon: 'trash',
        separatorBefore: true,
        run: () => this.session.act({ action: 'delete', version }),
      },
    ];
  }

  #copyCode = (): void => {
    this.session.act({ action: 'copyText', text: loadCode(this.model.name, this.version.version) });
    this.dispatchEvent(
      new CustomEvent('announce', { detail: 'The code is in the clipboard.', bubbles: true, composed: true }),
    );
  };

  /** The same for the same version, so that a field that is being written stays open when the model comes anew. */
  #annotate(): Annotator {
    const { version } = this.version;
    if (this.#annotator?.version !== version) {
      this.#annotator = { version, annotator: this.session.annotatorOf(version) };
    }
    return this.#annotator.annotator;
  }
}

function section(title: string, count: number | undefined, body: unknown, end: unknown = nothing): unknown {
  return html`<section aria-label=${title}>
    <div class="heading">
      <h3 class="clip" title=${title}>${title}</h3>
      ${count === undefined || count === 0 ? nothing : html`<span class="count">${formatCount(count)}</span>`} ${end}
    </div>
    ${body}
  </section>`;
}

customElements.define('runledger-version-detail', VersionDetail);
