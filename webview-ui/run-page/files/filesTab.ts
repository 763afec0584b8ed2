import { css, html, LitElement, type PropertyValues } from 'lit';
import type { FileModel, RunStateModel } from '../../../src/protocol/runPage.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { countOf, formatSize } from '../../shared/formatSizes.ts';
import { isTerminal } from '../../shared/statusLook.ts';
import type { RunSession } from '../runSession.ts';
import './filePreview.ts';
import './fileTreeView.ts';
import { isLog, mainLog } from './logFiles.ts';
import './logViewer.ts';

/** Somebody asked for a log. Each time is an object of its own, so that the same log can be asked for again. */
export interface LogRequest {
  readonly path: string;
}

/** The run's files, and beside them the log that is read. */
export class FilesTab extends LitElement {
  static override properties = {
    files: { attribute: false },
    state: { attribute: false },
    session: { attribute: false },
    isNarrow: { type: Boolean },
    isShown: { type: Boolean },
    logToShow: { attribute: false },
    selected: { state: true },
  };
  declare files: readonly FileModel[];
  declare state: RunStateModel;
  declare session: RunSession;
  declare isNarrow: boolean;
  declare isShown: boolean;
  /** A log that somebody asked for. */
  declare logToShow: LogRequest | undefined;
  declare selected: string | undefined;

  static override styles = [
    baseStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(180px, 26%) minmax(0, 1fr);
        height: 100%;
        min-height: 0;
      }
      .side {
        display: flex;
        flex-direction: column;
        min-height: 0;
        border-inline-end: 1px solid var(--rl-line);
      }
      runledger-file-tree {
        flex: 1;
        min-height: 0;
      }
      .sum {
        flex: none;
        padding: 0 16px;
        border-top: 1px solid var(--rl-line);
        font-size: calc(11 * var(--rl-unit));
        line-height: calc(28 * var(--rl-unit));
        color: var(--rl-secondary);
      }
      .none {
        align-self: start;
      }
      .none:only-child {
        grid-column: 1 / -1;
      }
      @media (max-width: 599px) {
        :host {
          grid-template-columns: minmax(0, 1fr);
          grid-template-rows: minmax(88px, 32%) minmax(0, 1fr);
        }
        .side {
          border-inline-end: 0;
          border-bottom: 1px solid var(--rl-line);
        }
        .sum {
          display: none;
        }
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('logToShow') && this.logToShow !== undefined) {
      this.selected = this.logToShow.path;
    }
    const isThere = this.selected === undefined || this.files.some(({ path }) => path === this.selected);
    if (this.selected === undefined || (!isThere && this.selected !== this.logToShow?.path)) {
      this.selected = mainLog(this.files);
    }
  }

  protected override render(): unknown {
    const bytes = this.files.reduce((sum, file) => sum + file.bytes, 0);
    if (this.files.length === 0) {
      return html`<p class="empty none">
        ${isTerminal(this.state.status) ? 'The run left no files.' : 'The run has no files yet.'} What the script prints and what it writes into
        <span class="mono">outputs/</span> appears here.
      </p>`;
    }
    const file = this.files.find(({ path }) => path === this.selected);
    return html`
      <div class="side">
        <runledger-file-tree
          .files=${this.files}
          .selected=${this.selected}
          @choose-file=${(event: CustomEvent<string>) => {
            this.selected = event.detail;
          }}
          @open-file=${(event: CustomEvent<string>) => this.session.act({ action: 'openFile', path: event.detail })}
        ></runledger-file-tree>
        <div class="sum numbers">${countOf(this.files.length, 'file')}, ${formatSize(bytes)}</div>
      </div>
      ${this.#reader(file)}
    `;
  }

  #reader(file: FileModel | undefined): unknown {
    if (this.selected === undefined) {
      return html`<p class="empty none">The run has written no log yet. Choose a file to see what it holds.</p>`;
    }
    return file === undefined || isLog(this.selected)
      ? html`<runledger-log-viewer
          .path=${this.selected}
          .bytes=${file?.bytes}
          .session=${this.session}
          .isShown=${this.isShown}
          .isLive=${!isTerminal(this.state.status)}
        ></runledger-log-viewer>`
      : html`<runledger-file-preview .file=${file} .session=${this.session}></runledger-file-preview>`;
  }
}

customElements.define('runledger-files-tab', FilesTab);
