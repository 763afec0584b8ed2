import { css, html, LitElement, nothing } from 'lit';
import type { ModelVersionModel } from '../../src/protocol/modelPage.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { icon } from '../shared/icons.ts';
import { sectionStyles } from '../shared/sectionStyles.ts';
import { type ComparedRow, comparedVersions } from './comparedVersions.ts';
import type { ModelSession } from './modelSession.ts';
import { modelStyles } from './modelStyles.ts';

/** Two versions side by side, the older one on the left. Asks to be closed with a `close-comparison` event. */
export class VersionComparison extends LitElement {
  static override properties = {
    left: { attribute: false },
    right: { attribute: false },
    session: { attribute: false },
  };
  declare left: ModelVersionModel;
  declare right: ModelVersionModel;
  declare session: ModelSession;

  static override styles = [
    baseStyles,
    sectionStyles,
    modelStyles,
    css`
      table {
        width: 100%;
        max-width: calc(900 * var(--rl-unit));
        table-layout: fixed;
        border-collapse: collapse;
        font-size: calc(12 * var(--rl-unit));
      }
      th,
      td {
        height: calc(24 * var(--rl-unit));
        padding: 0 10px;
        text-align: start;
        font-weight: 400;
      }
      thead th {
        color: var(--rl-secondary);
        box-shadow: inset 0 -1px var(--rl-line);
      }
      .group {
        padding-top: 10px;
        font-weight: 600;
      }
      td {
        font-variant-numeric: tabular-nums;
      }
      .name {
        color: var(--rl-secondary);
      }
      .changed {
        --changed: var(--vscode-gitDecoration-modifiedResourceForeground, var(--vscode-charts-yellow));
        background: color-mix(in srgb, var(--changed) 11%, transparent);
        box-shadow: inset 2px 0 var(--changed);
      }
      .better {
        color: var(--vscode-charts-green);
      }
    `,
  ];

  protected override render(): unknown {
    const { left, right } = this;
    const groups = comparedVersions(left, right);
    const [leftRun, rightRun] = [left.run, right.run];
    return html`
      <div class="title">
        <h2>Versions ${left.version} and ${right.version}</h2>
        <span class="actions">
          ${
            leftRun === undefined || rightRun === undefined || leftRun.id === rightRun.id
              ? nothing
              : html`<button
                  class="button short"
                  title="Their runs side by side, with their curves"
                  @click=${() => this.session.act({ action: 'compareRuns', left: leftRun.id, right: rightRun.id })}
                >
                  ${icon('arrow-swap')}Compare runs
                </button>`
          }
          ${
            leftRun?.snapshotFiles === undefined || rightRun?.snapshotFiles === undefined
              ? nothing
              : html`<button
                  class="button short"
                  title="What differs in the code that their runs ran"
                  @click=${() => this.session.act({ action: 'compareCode', left: leftRun.id, right: rightRun.id })}
                >
                  ${icon('diff-multiple')}Compare code
                </button>`
          }
          <button
            class="button short"
            @click=${() => this.dispatchEvent(new CustomEvent('close-comparison'))}
          >
            ${icon('close')}Close
          </button>
        </span>
      </div>
      <table aria-label="Version ${left.version} compared with version ${right.version}">
        <thead>
          <tr>
            <th scope="col"><span class="visually-hidden">Name</span></th>
            <th scope="col">Version ${left.version}</th>
            <th scope="col">Version ${right.version}</th>
          </tr>
        </thead>
        ${groups.map(
          ({ title, rows }) => html`<tbody>
            <tr><th class="group" scope="rowgroup" colspan="3">${title}</th></tr>
            ${rows.map((entry) => comparedRow(entry))}
          </tbody>`,
        )}
      </table>
    `;
  }
}

function comparedRow({ name, left, right, isChanged, better }: ComparedRow): unknown {
  return html`<tr>
    <th class="name clip" scope="row" title=${name}>${name}</th>
    ${cell(left, false, better === 'left')} ${cell(right, isChanged, better === 'right')}
  </tr>`;
}

function cell(text: string | undefined, isChanged: boolean, isBetter: boolean): unknown {
  return html`<td class="clip ${isChanged ? 'changed' : ''} ${text === undefined ? 'secondary' : ''}" title=${text ?? ''}>
    ${isChanged ? html`<span class="visually-hidden">changed: </span>` : nothing}${isBetter ? html`<span class="better" title="The better one" aria-hidden="true">◇</span><span class="visually-hidden">better </span> ` : nothing}${text ?? 'none'}
  </td>`;
}

customElements.define('runledger-version-comparison', VersionComparison);
