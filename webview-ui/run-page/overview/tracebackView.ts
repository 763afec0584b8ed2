import { css, html, LitElement, nothing } from 'lit';
import { baseStyles } from '../../shared/baseStyles.ts';
import { countOf } from '../../shared/formatSizes.ts';
import { icon } from '../../shared/icons.ts';
import type { RunSession } from '../runSession.ts';
import { blamedFrame, type Frame, parseTraceback, type TracebackPart } from './traceback.ts';

/** A Python traceback: own frames with links, libraries folded away, and what was raised. */
export class TracebackView extends LitElement {
  static override properties = {
    text: { attribute: false },
    sourceDirectory: { attribute: false },
    session: { attribute: false },
  };
  declare text: string;
  declare sourceDirectory: string | undefined;
  declare session: RunSession;

  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
      }
      .heading {
        display: flex;
        align-items: center;
        gap: 8px;
        height: calc(32 * var(--rl-unit));
      }
      .heading .icon-button {
        margin-inline-start: auto;
      }
      .trace {
        overflow: hidden;
        border: 1px solid var(--rl-line);
        border-radius: var(--rl-radius);
      }
      .frame {
        padding: 4px 14px;
        border-inline-start: 2px solid transparent;
        font-size: calc(12 * var(--rl-unit));
      }
      .frame.blamed {
        background: var(--rl-error-fill);
        border-inline-start-color: var(--vscode-charts-red);
      }
      .frame .where {
        line-height: calc(20 * var(--rl-unit));
        overflow-wrap: anywhere;
      }
      pre {
        margin: 0;
        font-family: var(--rl-mono);
        font-size: calc(11.5 * var(--rl-unit));
        line-height: calc(18 * var(--rl-unit));
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .frame pre {
        padding-inline-start: 16px;
        color: var(--rl-secondary);
      }
      .frame.blamed pre {
        color: inherit;
      }
      summary {
        display: flex;
        align-items: center;
        gap: 4px;
        padding: 2px 10px;
        list-style: none;
        font-size: calc(12 * var(--rl-unit));
        line-height: calc(20 * var(--rl-unit));
        color: var(--rl-secondary);
        cursor: pointer;
      }
      details[open] summary .icon {
        transform: rotate(90deg);
      }
      .text {
        padding: 8px 12px;
      }
      .text:not(:first-child) {
        border-top: 1px solid var(--rl-line);
      }
      .type {
        color: var(--vscode-charts-red);
      }
    `,
  ];

  protected override render(): unknown {
    const parts = parseTraceback(this.text, this.sourceDirectory);
    const blamed = blamedFrame(parts);
    return html`
      <div class="heading">
        <h2>Traceback</h2>
        <span class="count">most recent call last</span>
        <button
          class="icon-button"
          title="Copy the traceback"
          aria-label="Copy the traceback"
          @click=${() => this.session.act({ action: 'copyText', text: this.text })}
        >
          ${icon('copy', 'small')}
        </button>
      </div>
      <div class="trace">${parts.map((part) => this.#part(part, blamed))}</div>
    `;
  }

  #part(part: TracebackPart, blamed: Frame | undefined): unknown {
    switch (part.kind) {
      case 'own':
        return this.#frame(part.frame, part.frame === blamed);
      case 'library':
        return html`<details>
          <summary>${icon('chevron-right')}${countOf(part.frames.length, 'frame')} in ${part.library}</summary>
          ${part.frames.map((frame) => this.#frame(frame, false))}
        </details>`;
      case 'text':
        return html`<pre class="text">${part.lines.map(
          (line, index) => html`${index === 0 ? nothing : '\n'}${textLine(line)}`,
        )}</pre>`;
      default:
        return part satisfies never;
    }
  }

  #frame(frame: Frame, isBlamed: boolean): unknown {
    return html`<div class="frame ${isBlamed ? 'blamed' : ''}">
      <div class="where">
        ${this.#link(frame)}
        ${frame.scope === '' ? nothing : html`<span class="secondary"> in </span><span class="mono">${frame.scope}</span>`}
      </div>
      ${frame.code.length === 0 ? nothing : html`<pre>${frame.code.join('\n')}</pre>`}
    </div>`;
  }

  #link(frame: Frame): unknown {
    return html`<button
      class="link"
      title=${frame.path}
      @click=${() => this.session.act({ action: 'openSource', path: frame.path, line: frame.line })}
    >${frame.shown}:${frame.line}</button>`;
  }
}

/** The exception's name stands out from what it says. */
function textLine(line: string): unknown {
  const match = /^([A-Za-z_][\w.]*)(:.*)$/.exec(line);
  return match === null ? line : html`<span class="type">${match[1]}</span>${match[2]}`;
}

customElements.define('runledger-traceback', TracebackView);
