import { css, html, LitElement } from 'lit';
import type { ModelPageModel } from '../../src/protocol/modelPage.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { countOf } from '../shared/formatSizes.ts';
import { formatDate, formatShortDate } from '../shared/formatTimes.ts';
import { type IconName, icon } from '../shared/icons.ts';
import { readable } from './chosenMetrics.ts';
import type { ModelSession } from './modelSession.ts';

/** The model's name and what can be done with all of it. Asks for a comparison with a `compare` event. */
export class ModelHeader extends LitElement {
  static override properties = {
    model: { attribute: false },
    session: { attribute: false },
    isComparing: { type: Boolean },
  };
  declare model: ModelPageModel;
  declare session: ModelSession;
  declare isComparing: boolean;

  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        flex: none;
        padding: 14px var(--rl-pad) 6px;
      }
      .top {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      h1 {
        margin: 0;
        font-size: calc(18 * var(--rl-unit));
        line-height: calc(26 * var(--rl-unit));
        font-weight: 600;
      }
      .actions {
        display: flex;
        flex: none;
        gap: 8px;
        margin-inline-start: auto;
      }
      .facts {
        display: flex;
        flex-wrap: wrap;
        gap: 0 18px;
        margin-top: 4px;
        font-size: calc(12 * var(--rl-unit));
        line-height: calc(22 * var(--rl-unit));
        color: var(--rl-secondary);
      }
      .fact {
        display: inline-flex;
        align-items: center;
        gap: 5px;
        min-width: 0;
      }
      @media (max-width: 599px) {
        .wide-only {
          display: none;
        }
      }
    `,
  ];

  protected override render(): unknown {
    const { model } = this;
    const versions = readable(model);
    const [newest, oldest] = [versions[0], versions.at(-1)];
    const now = Date.now() / 1000;
    return html`
      <div class="top">
        <h1 class="clip" title=${model.name}>${model.name}</h1>
        <span class="actions">
          <button
            class="button"
            title="Compare the two versions that are marked, else the newest two"
            aria-label="Compare versions"
            aria-pressed=${this.isComparing}
            ?disabled=${versions.length < 2}
            @click=${() => this.dispatchEvent(new CustomEvent('compare'))}
          >
            ${icon('arrow-swap')}<span class="wide-only">Compare versions</span>
          </button>
          <button class="button primary" @click=${() => this.session.act({ action: 'register' })}>
            ${icon('add')}Register version…
          </button>
        </span>
      </div>
      <div class="facts">
        ${fact('folder', model.workspace, 'Workspace')}
        ${fact('package', countOf(model.versions.length, 'version'), 'Versions that are there')}
        ${newest === undefined ? '' : fact('history', `latest ${formatShortDate(newest.createdTime, now)}`, formatDate(newest.createdTime))}
        ${oldest === undefined ? '' : fact('calendar', `first ${formatShortDate(oldest.createdTime, now)}`, formatDate(oldest.createdTime), 'wide-only')}
      </div>
    `;
  }
}

function fact(name: IconName, text: string, title: string, extraClass = ''): unknown {
  return html`<span class="fact ${extraClass}" title=${title}>${icon(name, 'small')}<span class="clip">${text}</span></span>`;
}

customElements.define('runledger-model-header', ModelHeader);
