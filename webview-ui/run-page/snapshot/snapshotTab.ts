import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { FileModel, RunPageAction, RunPageModel } from '../../../src/protocol/runPage.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { countOf, formatSize } from '../../shared/formatSizes.ts';
import { type IconName, icon } from '../../shared/icons.ts';
import '../files/fileTreeView.ts';
import { isTerminal } from '../../shared/statusLook.ts';
import type { FileRowAction } from '../files/fileTreeView.ts';
import type { RunSession } from '../runSession.ts';
import { failed, type Loaded } from '../tables/loaded.ts';

/** The code that ran, as it was: each file opens read-only in the editor. */
export class SnapshotTab extends LitElement {
  static override properties = {
    model: { attribute: false },
    session: { attribute: false },
    loaded: { state: true },
    chosen: { state: true },
  };
  declare model: RunPageModel;
  declare session: RunSession;
  declare loaded: Loaded<readonly FileModel[]> | undefined;
  declare chosen: string | undefined;

  /** The snapshot that was asked for. */
  #asked: string | undefined;

  static override styles = [
    baseStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100%;
      }
      .bar {
        display: flex;
        flex: none;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
        min-height: calc(42 * var(--rl-unit));
        padding: 6px var(--rl-pad);
        border-bottom: 1px solid var(--rl-line);
      }
      .bar .count {
        margin-inline-end: auto;
      }
      runledger-file-tree {
        flex: 1;
        min-height: 0;
        padding-inline: calc(var(--rl-pad) - 16px);
      }
    `,
  ];

  constructor() {
    super();
    this.loaded = undefined;
    this.chosen = undefined;
  }

  protected override willUpdate(changed: PropertyValues): void {
    const hash = this.model.annotations.snapshot?.hash;
    if (changed.has('model') && hash !== undefined && hash !== this.#asked) {
      this.#asked = hash;
      this.#load();
    }
  }

  protected override render(): unknown {
    const { snapshot } = this.model.annotations;
    if (snapshot === undefined) {
      const isOver = isTerminal(this.model.state.status);
      return html`<p class="empty">
        ${isOver || this.model.identity.type === 'Interactive' ? 'This run has no snapshot of its code.' : 'The snapshot is not taken yet.'}
        One is taken of each script that is submitted; what is started by hand has none.
      </p>`;
    }
    const { loaded } = this;
    return html`
      <div class="bar">
        <span class="count">${countOf(snapshot.files, 'file')}, ${formatSize(snapshot.bytes)}</span>
        ${this.#button('search', 'Search…', { action: 'searchSnapshot' })}
        ${this.#button('diff', 'Compare with working copy', { action: 'compareWithWorkingCopy' })}
        ${this.#button('arrow-swap', 'Compare with another run…', { action: 'compareWithRun' })}
        ${this.#button('discard', 'Restore…', { action: 'restoreSnapshot' })}
      </div>
      ${
        loaded?.kind === 'ready'
          ? html`<runledger-file-tree
              label="Files of the code that ran"
              .files=${loaded.value}
              .selected=${this.chosen}
              .rowAction=${this.#compare}
              @choose-file=${(event: CustomEvent<string>) => this.#open(event.detail)}
            ></runledger-file-tree>`
          : loaded?.kind === 'failed'
            ? html`<p class="empty" role="alert">${loaded.message}</p>`
            : nothing
      }
    `;
  }

  readonly #compare: FileRowAction = {
    icon: 'diff',
    label: 'Compare with the working copy',
    run: (path) => this.session.act({ action: 'compareSnapshotFile', path }),
  };

  #button(name: IconName, label: string, action: RunPageAction): unknown {
    return html`<button class="button" @click=${() => this.session.act(action)}>${icon(name)}${label}</button>`;
  }

  #open(path: string): void {
    this.chosen = path;
    this.session.act({ action: 'openSnapshotFile', path });
  }

  #load(): void {
    this.loaded = { kind: 'loading' };
    this.session.request('snapshot', {}).then(
      (files) => {
        this.loaded = { kind: 'ready', value: files.map((file) => ({ ...file, modifiedTime: 0 })) };
      },
      (error) => {
        this.loaded = failed(error);
      },
    );
  }
}

customElements.define('runledger-snapshot-tab', SnapshotTab);
