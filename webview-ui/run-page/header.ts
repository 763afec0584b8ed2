import { css, html, LitElement, nothing } from 'lit';
import type { RunPageModel } from '../../src/protocol/runPage.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { formatDate, formatDuration, formatShortDate } from '../shared/formatTimes.ts';
import { type IconName, icon } from '../shared/icons.ts';
import { inlineStyle } from '../shared/inlineStyle.ts';
import { inputStyles } from '../shared/inputStyles.ts';
import type { MenuItem } from '../shared/menuItems.ts';
import '../shared/menuButton.ts';
import { statusLook } from '../shared/statusLook.ts';
import { describeCommit, gitOf } from './git.ts';
import { cliCommand } from './overview/cliCommand.ts';
import type { RunSession } from './runSession.ts';
import { elapsedSeconds, SecondTicker } from './secondTicker.ts';

/** The run's name, status and actions, and the line of facts below them. */
export class RunHeader extends LitElement {
  static override properties = {
    model: { attribute: false },
    session: { attribute: false },
    isNarrow: { type: Boolean },
    draft: { state: true },
    problem: { state: true },
  };
  declare model: RunPageModel;
  declare session: RunSession;
  declare isNarrow: boolean;
  /** The name that is being written; undefined as long as nobody writes one. */
  declare draft: string | undefined;
  declare problem: string | undefined;

  readonly #ticker = new SecondTicker(this, () => this.model.state);

  static override styles = [
    baseStyles,
    inputStyles,
    css`
      :host {
        display: block;
        flex: none;
        padding: 14px var(--rl-pad) 0;
      }
      .top {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: calc(26 * var(--rl-unit));
      }
      h1 {
        margin: 0;
        font-size: calc(18 * var(--rl-unit));
        line-height: calc(24 * var(--rl-unit));
        font-weight: 600;
      }
      .rename {
        display: flex;
        flex: 1;
        align-items: center;
        gap: 4px;
        min-width: 0;
        max-width: 420px;
      }
      .rename .input {
        flex: 1;
      }
      #rename {
        opacity: 0;
      }
      .top:hover #rename,
      #rename:focus-visible {
        opacity: 1;
      }
      .status {
        display: inline-flex;
        flex: none;
        align-items: center;
        gap: 5px;
        height: calc(20 * var(--rl-unit));
        padding: 0 8px 0 6px;
        font-size: calc(12 * var(--rl-unit));
        color: var(--vscode-foreground);
        background: color-mix(in srgb, var(--status) var(--rl-status-fill), transparent);
        border: 1px solid var(--rl-chip-border);
        border-radius: var(--rl-radius);
      }
      .status .icon {
        color: var(--status);
        font-size: calc(14 * var(--rl-unit));
      }
      .actions {
        display: flex;
        flex: none;
        align-items: center;
        gap: 8px;
        margin-inline-start: auto;
      }
      .facts {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
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
        white-space: nowrap;
      }
      .fact .icon {
        color: var(--rl-secondary);
      }
      .id {
        gap: 2px;
        color: var(--vscode-foreground);
      }
      @media (max-width: 599px) {
        #rename,
        .wide-only {
          display: none;
        }
        .narrow-square {
          width: calc(22 * var(--rl-unit));
          height: calc(22 * var(--rl-unit));
          padding: 0;
          justify-content: center;
          border-color: transparent;
          background: none;
        }
        .facts {
          gap: 0 12px;
        }
      }
    `,
  ];

  protected override render(): unknown {
    const { identity, state, annotations } = this.model;
    const look = statusLook(state.status);
    const title = state.displayName ?? identity.label;
    const started = state.startTime ?? identity.createdTime;
    const commit = describeCommit(gitOf(annotations.properties));
    const elapsed = elapsedSeconds(state, this.#ticker.now);
    return html`
      <div class="top">
        ${this.draft === undefined ? this.#title(title) : this.#titleForm(this.draft)}
        <span class="status" data-status=${state.status} ${inlineStyle({ '--status': look.colour })}>
          ${icon(look.icon, look.spins ? 'spin' : '')}${look.label}
        </span>
        <span class="actions">
          ${
            state.canCancel
              ? html`<button
                  class="button narrow-square"
                  title="Cancel the run"
                  aria-label="Cancel the run"
                  @click=${() => this.session.act({ action: 'cancel' })}
                >
                  ${icon('debug-stop')}<span class="wide-only">Cancel</span>
                </button>`
              : nothing
          }
          ${
            this.isNarrow || !identity.canResubmit
              ? nothing
              : html`<button
                  class="button"
                  title="Submit the run again, with changes"
                  @click=${() => this.session.act({ action: 'resubmit' })}
                >
                  ${icon('refresh')}Resubmit…
                </button>`
          }
          ${
            this.isNarrow
              ? nothing
              : html`<button class="button" title="See the run beside others" @click=${this.#compare}>
                  ${icon('arrow-swap')}Compare…
                </button>`
          }
          <runledger-menu-button label="More actions" .items=${this.#menu()}></runledger-menu-button>
        </span>
      </div>
      ${this.problem === undefined ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      <div class="facts">
        <span class="fact id">
          <span class="mono clip">${identity.id}</span>
          <button
            class="icon-button"
            title="Copy run id"
            aria-label="Copy run id"
            @click=${() => this.session.act({ action: 'copyRunId' })}
          >
            ${icon('copy', 'small')}
          </button>
        </span>
        <span class="fact wide-only">
          ${icon('beaker', 'small')}
          <button class="link clip" title="Open the experiment" @click=${() => this.session.act({ action: 'openExperiment' })}>
            ${identity.experiment}</button
          >
          run ${identity.number}
        </span>
        ${state.waitReason === undefined ? nothing : fact('clock', state.waitReason, state.waitReason)}
        ${elapsed === undefined ? nothing : fact('clock', formatDuration(elapsed), 'Duration', 'numbers')}
        ${fact(
          'calendar',
          `${state.startTime === undefined ? 'created' : 'started'} ${formatShortDate(started, this.#ticker.now)}`,
          formatDate(started),
          'wide-only',
        )}
        ${identity.target === undefined ? nothing : fact('server', identity.target, 'Compute target')}
        ${commit === undefined ? nothing : fact('git-branch', commit, 'Git commit', 'wide-only')}
      </div>
    `;
  }

  #compare = (): void => {
    this.session.act({ action: 'compareRuns', runIds: [this.model.identity.id] });
  };

  #title(title: string): unknown {
    return html`<h1 class="clip" title=${title}>${title}</h1>
      <button class="icon-button" id="rename" title="Rename the run" aria-label="Rename the run" @click=${this.#rename}>
        ${icon('edit', 'small')}
      </button>`;
  }

  #titleForm(draft: string): unknown {
    return html`<form class="rename" @submit=${this.#saveName} @keydown=${this.#onNameKey}>
      <input
        class="input"
        id="name"
        aria-label="Name of the run"
        placeholder=${this.model.identity.label}
        autocomplete="off"
        .value=${draft}
      />
      <button class="icon-button" title="Save (Enter)" aria-label="Save the name">${icon('check', 'small')}</button>
      <button class="icon-button" type="button" title="Cancel (Esc)" aria-label="Cancel" @click=${this.#endRename}>
        ${icon('close', 'small')}
      </button>
    </form>`;
  }

  #rename = (): void => {
    this.problem = undefined;
    this.draft = this.model.state.displayName ?? '';
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLInputElement>('#name')?.select());
  };

  #endRename = (): void => {
    this.draft = undefined;
    this.problem = undefined;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('#rename')?.focus());
  };

  #saveName = (event: Event): void => {
    event.preventDefault();
    const name = this.renderRoot.querySelector<HTMLInputElement>('#name')?.value.trim() ?? '';
    if (name === (this.model.state.displayName ?? '')) {
      this.#endRename();
      return;
    }
    this.draft = name;
    this.session.request('annotate', { displayName: name === '' ? null : name }).then(
      () => this.#endRename(),
      (error: Error) => {
        this.problem = error.message;
      },
    );
  };

  #onNameKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.preventDefault();
      this.#endRename();
    }
  };

  #menu(): MenuItem[] {
    const resubmit: MenuItem = {
      label: 'Resubmit…',
      icon: 'refresh',
      run: () => this.session.act({ action: 'resubmit' }),
    };
    const command = cliCommand(this.model.identity);
    const compare: MenuItem = { label: 'Compare…', icon: 'arrow-swap', run: this.#compare };
    const unchanged: MenuItem = {
      label: 'Resubmit unchanged',
      icon: 'refresh',
      run: () => this.session.act({ action: 'resubmitUnchanged' }),
    };
    return [
      ...(this.isNarrow && this.model.identity.canResubmit ? [resubmit] : []),
      ...(this.model.identity.canResubmit ? [unchanged] : []),
      ...(this.isNarrow ? [compare] : []),
      {
        label: 'Register model…',
        icon: 'package',
        run: () => this.session.act({ action: 'registerModel' }),
      },
      { label: 'Copy run id', icon: 'copy', run: () => this.session.act({ action: 'copyRunId' }) },
      ...(command === undefined
        ? []
        : ([
            {
              label: 'Copy as command line',
              icon: 'terminal',
              run: () => this.session.act({ action: 'copyText', text: command }),
            },
          ] as const)),
      { label: 'Rename…', icon: 'edit', run: this.#rename },
      { label: 'Search in files…', icon: 'search', run: () => this.session.act({ action: 'searchFiles' }) },
      { label: 'Reveal folder', icon: 'folder-opened', run: () => this.session.act({ action: 'revealFolder' }) },
      {
        label: 'Delete…',
        icon: 'trash',
        separatorBefore: true,
        run: () => this.session.act({ action: 'delete' }),
      },
    ];
  }
}

function fact(name: IconName, text: string, title: string, extraClass = ''): unknown {
  return html`<span class="fact ${extraClass}" title=${title}>${icon(name, 'small')}<span class="clip">${text}</span></span>`;
}

customElements.define('runledger-run-header', RunHeader);
