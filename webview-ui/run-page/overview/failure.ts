import { css, html, LitElement, nothing } from 'lit';
import type { RunPageModel } from '../../../src/protocol/runPage.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { icon } from '../../shared/icons.ts';
import type { RunSession } from '../runSession.ts';
import { failureTitle } from './failureTitle.ts';
import { blamedFrame, type Frame, parseTraceback } from './traceback.ts';

/** What went wrong, where, and what to do next. Asks for the log with a `show-log` event. */
export class RunFailure extends LitElement {
  static override properties = {
    model: { attribute: false },
    session: { attribute: false },
    hasLog: { type: Boolean },
  };
  declare model: RunPageModel;
  declare session: RunSession;
  declare hasLog: boolean;

  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
      }
      .banner {
        display: flex;
        gap: 12px;
        padding: 10px 14px 11px 12px;
        background: var(--rl-error-fill);
        border: 1px solid color-mix(in srgb, var(--vscode-charts-red) 60%, transparent);
        border-radius: var(--rl-radius);
      }
      .banner > .icon {
        margin-top: 1px;
        color: var(--vscode-charts-red);
      }
      .body {
        min-width: 0;
        flex: 1;
        overflow-wrap: anywhere;
      }
      .title {
        font-weight: 600;
      }
      p {
        margin: 2px 0 0;
        white-space: pre-wrap;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin-top: 8px;
      }
      .actions .button {
        height: calc(22 * var(--rl-unit));
        max-width: 100%;
      }
    `,
  ];

  protected override render(): unknown {
    const { failure } = this.model.state;
    if (failure === undefined) {
      return nothing;
    }
    const parts = parseTraceback(failure.traceback ?? '', this.model.identity.sourceDirectory);
    const blamed = failure.traceback === undefined ? undefined : blamedFrame(parts);
    const { title, rest } = failureTitle(failure);
    return html`
      <div class="banner" role="group" aria-label="Why the run failed">
        ${icon('error')}
        <div class="body">
          <div class="title">
            ${title}${blamed === undefined ? nothing : html` in ${this.#link(blamed)}`}
          </div>
          ${rest === '' ? nothing : html`<p>${rest}</p>`}
          ${failure.advice === undefined ? nothing : html`<p>${failure.advice}</p>`}
          <div class="actions">
            ${
              blamed === undefined
                ? nothing
                : html`<button class="button" @click=${() => this.#open(blamed)}>
                    ${icon('code')}<span class="clip">Open ${blamed.shown}:${blamed.line}</span>
                  </button>`
            }
            ${
              this.hasLog
                ? html`<button class="button" @click=${() => this.dispatchEvent(new CustomEvent('show-log'))}>
                    ${icon('file-text')}Show log
                  </button>`
                : nothing
            }
            ${
              this.model.identity.canResubmit
                ? html`<button class="button" @click=${() => this.session.act({ action: 'resubmit' })}>
                    ${icon('refresh')}Resubmit…
                  </button>`
                : nothing
            }
          </div>
        </div>
      </div>
    `;
  }

  #link(frame: Frame): unknown {
    return html`<button class="link" title=${frame.path} @click=${() => this.#open(frame)}>${frame.shown}:${frame.line}</button>`;
  }

  #open(frame: Frame): void {
    this.session.act({ action: 'openSource', path: frame.path, line: frame.line });
  }
}

customElements.define('runledger-run-failure', RunFailure);
