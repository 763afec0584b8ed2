import { css, html, LitElement, nothing } from 'lit';
import type { InstalledModel, RunPageModel } from '../../../src/protocol/runPage.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { formatCount } from '../../shared/formatNumbers.ts';
import { countOf, formatSize } from '../../shared/formatSizes.ts';
import { formatDate, formatDuration } from '../../shared/formatTimes.ts';
import { icon } from '../../shared/icons.ts';
import { inlineStyle } from '../../shared/inlineStyle.ts';
import { sectionStyles } from '../../shared/sectionStyles.ts';
import { statusLook } from '../../shared/statusLook.ts';
import type { RunSession } from '../runSession.ts';
import { elapsedSeconds, SecondTicker } from '../secondTicker.ts';

/** The facts of a run, one a row. Asks for the tab of its child runs with a `show-tab` event. */
export class RunAttributes extends LitElement {
  static override properties = { model: { attribute: false }, session: { attribute: false } };
  declare model: RunPageModel;
  declare session: RunSession;

  readonly #ticker = new SecondTicker(this, () => this.model.state);

  static override styles = [
    baseStyles,
    sectionStyles,
    css`
      .attributes {
        grid-template-columns: minmax(76px, max-content) minmax(0, 1fr);
      }
      .id {
        display: flex;
        align-items: center;
        gap: 4px;
      }
    `,
  ];

  /** What a sweep found, once it says so. */
  #bestChild(): unknown {
    const best = this.model.annotations.properties.find(([name]) => name === 'best_child_run_id')?.[1];
    return best === undefined ? nothing : this.#runLink('Best child run', best);
  }

  #children(): unknown {
    const { length } = this.model.children;
    if (length === 0) {
      return nothing;
    }
    const show = (): void => {
      this.dispatchEvent(new CustomEvent('show-tab', { detail: { tab: 'children' }, bubbles: true, composed: true }));
    };
    return row('Child runs', html`<button class="link" @click=${show}>${formatCount(length)}</button>`);
  }

  #runLink(name: string, runId: string): unknown {
    const link = html`<button
      class="link mono clip"
      @click=${() => this.session.act({ action: 'openRun', runId })}
    >${runId}</button>`;
    return row(name, link, runId);
  }

  #installed({ python, platform, gpus, packageCount }: InstalledModel): unknown {
    const open = html`<button class="link clip" @click=${() => this.session.act({ action: 'openInstalled' })}>${countOf(packageCount, 'package')}</button>`;
    return html`${row('Packages', html`${open} <span class="secondary">with Python ${python}</span>`)}
    ${platform === '' ? nothing : row('Platform', platform, platform)}
    ${gpus.length === 0 ? nothing : row(gpus.length === 1 ? 'GPU' : 'GPUs', gpus.join('; '), gpus.join('; '))}`;
  }

  protected override render(): unknown {
    const { identity, state, annotations, installed } = this.model;
    const look = statusLook(state.status);
    const elapsed = elapsedSeconds(state, this.#ticker.now);
    return html`<dl class="attributes">
      <dt>Status</dt>
      <dd class="with-icon">
        <span ${inlineStyle({ display: 'flex', color: look.colour })}>${icon(look.icon, look.spins ? 'spin small' : 'small')}</span>
        ${look.label}
        ${state.exitCode === undefined ? nothing : html`<span class="secondary">exit code ${state.exitCode}</span>`}
      </dd>
      ${state.waitReason === undefined ? nothing : row('Waits', state.waitReason)}
      ${row('Created', formatDate(identity.createdTime))}
      ${row('Started', state.startTime === undefined ? missing('not yet') : formatDate(state.startTime))}
      ${row('Ended', state.endTime === undefined ? missing('not yet') : formatDate(state.endTime))}
      ${elapsed === undefined ? nothing : row('Duration', formatDuration(elapsed))}
      <dt>Run id</dt>
      <dd class="id">
        <span class="mono clip" title=${identity.id}>${identity.id}</span>
        <button
          class="icon-button"
          title="Copy run id"
          aria-label="Copy run id"
          @click=${() => this.session.act({ action: 'copyRunId' })}
        >
          ${icon('copy', 'small')}
        </button>
      </dd>
      ${row('Number', formatCount(identity.number))} ${row('Type', identity.type)}
      ${identity.parentId === undefined ? nothing : this.#runLink('Child of', identity.parentId)}
      ${this.#children()} ${this.#bestChild()}
      ${
        identity.script === undefined
          ? nothing
          : row(
              'Script',
              html`<button class="link clip" @click=${() => this.session.act({ action: 'openScript' })}>${identity.script}</button>`,
              identity.script,
            )
      }
      ${identity.command === undefined ? nothing : row('Command', identity.command)}
      ${identity.target === undefined ? nothing : row('Target', identity.target)}
      ${identity.runConfiguration === undefined ? nothing : row('Configuration', identity.runConfiguration)}
      ${identity.environment === undefined ? nothing : row('Environment', identity.environment)}
      ${identity.interpreter === undefined ? nothing : row('Python', html`<span class="mono">${identity.interpreter}</span>`, identity.interpreter)}
      ${installed === undefined ? nothing : this.#installed(installed)}
      ${
        identity.sourceDirectory === undefined
          ? nothing
          : row(
              'Source',
              html`<span class="mono">${identity.sourceDirectory}</span>${identity.inPlace ? html` <span class="secondary">in place</span>` : nothing}`,
              identity.sourceDirectory,
            )
      }
      ${
        annotations.snapshot === undefined
          ? nothing
          : row('Snapshot', `${countOf(annotations.snapshot.files, 'file')}, ${formatSize(annotations.snapshot.bytes)}`)
      }
      ${row('Workspace', identity.workspace)}
      ${identity.user === undefined ? nothing : row('User', identity.user)}
      ${identity.host === undefined ? nothing : row('Host', identity.host)}
    </dl>`;
  }
}

function row(label: string, value: unknown, title = typeof value === 'string' ? value : ''): unknown {
  return html`<dt>${label}</dt><dd class="clip numbers" title=${title}>${value}</dd>`;
}

function missing(word: string): unknown {
  return html`<span class="secondary">${word}</span>`;
}

customElements.define('runledger-run-attributes', RunAttributes);
