import { type CSSResult, css, unsafeCSS } from 'lit';

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** Rules for the theme's terminal colours: text as it can be read, grounds as they are. All of it is made from the names above. */
function terminalColours(): CSSResult {
  const rules = NAMES.flatMap((name) => [
    [name, `--vscode-terminal-ansi${capitalised(name)}`],
    [`bright-${name}`, `--vscode-terminal-ansiBright${capitalised(name)}`],
  ]).map(([name, variable]) => `.fg-${name}{color:var(--rl-ansi-${name})}.bg-${name}{background:var(${variable})}`);
  return unsafeCSS(rules.join(''));
}

export const logViewerStyles = [
  terminalColours(),
  css`
    :host {
      display: flex;
      flex-direction: column;
      min-height: 0;
      min-width: 0;
    }
    .bar {
      display: flex;
      flex: none;
      align-items: center;
      gap: 10px;
      height: calc(38 * var(--rl-unit));
      padding: 0 8px 0 12px;
      font-size: calc(12 * var(--rl-unit));
      border-bottom: 1px solid var(--rl-line);
    }
    .bar > .clip:first-child {
      flex-shrink: 0.1;
    }
    .live {
      display: inline-flex;
      flex: none;
      align-items: center;
      gap: 5px;
      height: calc(20 * var(--rl-unit));
      padding: 0 7px 0 5px;
      background: color-mix(in srgb, var(--vscode-charts-blue) var(--rl-status-fill), transparent);
      border: 1px solid var(--rl-chip-border);
      border-radius: var(--rl-radius);
    }
    .live .icon {
      color: var(--vscode-charts-blue);
    }
    runledger-find-bar {
      flex: 0 1 320px;
      margin-inline-start: auto;
    }
    .match {
      background: var(--vscode-editor-findMatchHighlightBackground);
      outline: 1px solid var(--vscode-editor-findMatchHighlightBorder, transparent);
      outline-offset: -1px;
    }
    .current .match {
      color: var(--vscode-editor-findMatchForeground, inherit);
      background: var(--vscode-editor-findMatchBackground);
      outline-color: var(--vscode-editor-findMatchBorder, transparent);
    }
    .current .number {
      color: var(--vscode-editorLineNumber-activeForeground, var(--vscode-foreground));
    }
    .tools {
      display: flex;
      flex: none;
      gap: 4px;
    }
    .body {
      position: relative;
      flex: 1;
      min-height: 0;
    }
    .scroll {
      height: 100%;
      overflow: auto;
      outline-offset: -1px;
      font-family: var(--rl-mono);
      font-size: calc(12 * var(--rl-unit));
      line-height: 18px;
      tab-size: 8;
    }
    .lines {
      position: relative;
      min-width: max-content;
    }
    .lines.wraps {
      min-width: 0;
    }
    .line {
      position: absolute;
      top: 0;
      left: 0;
      display: flex;
      min-width: 100%;
      min-height: 18px;
      padding-inline-end: 16px;
      border-inline-start: 2px solid transparent;
    }
    .wraps .line {
      width: 100%;
    }
    .number {
      flex: none;
      padding: 0 14px 0 8px;
      text-align: right;
      color: var(--rl-line-number);
      user-select: none;
      font-variant-numeric: tabular-nums;
    }
    .nonumber {
      flex: none;
      width: 12px;
    }
    .text {
      white-space: pre;
    }
    .wraps .text {
      min-width: 0;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }
    .error {
      background: var(--rl-error-fill);
      border-inline-start-color: var(--vscode-charts-red);
    }
    .warning {
      background: var(--rl-warning-fill);
      border-inline-start-color: var(--vscode-charts-yellow);
    }
    .bold {
      font-weight: 700;
    }
    .dim {
      opacity: 0.7;
    }
    .italic {
      font-style: italic;
    }
    .underline {
      text-decoration: underline;
    }
    .strikethrough {
      text-decoration: line-through;
    }
    .hidden {
      visibility: hidden;
    }
    .reverse {
      color: var(--vscode-editor-background);
      background: var(--vscode-foreground);
    }
    .text .link {
      font: inherit;
    }
    .notice {
      flex: none;
      padding: 0 14px;
      font-size: calc(11 * var(--rl-unit));
      line-height: calc(24 * var(--rl-unit));
      color: var(--rl-secondary);
      border-bottom: 1px solid var(--rl-line);
    }
    .paused {
      position: absolute;
      right: 20px;
      bottom: 10px;
      display: flex;
      align-items: center;
      gap: 10px;
      padding: 4px 4px 4px 12px;
      font-size: calc(12 * var(--rl-unit));
      background: var(--vscode-editorHoverWidget-background);
      border: 1px solid var(--vscode-editorHoverWidget-border, var(--rl-line));
      border-radius: calc(var(--rl-radius) + 2px);
      box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
    }
    .status {
      display: flex;
      flex: none;
      align-items: center;
      gap: 14px;
      height: calc(28 * var(--rl-unit));
      padding: 0 14px;
      font-size: calc(11 * var(--rl-unit));
      color: var(--rl-secondary);
      border-top: 1px solid var(--rl-line);
      font-variant-numeric: tabular-nums;
    }
    .level {
      display: inline-flex;
      align-items: center;
      gap: 5px;
      padding: 0 2px;
      background: none;
      border: 0;
    }
    .level:hover {
      color: var(--vscode-foreground);
    }
    .level .icon {
      font-size: calc(14 * var(--rl-unit));
    }
    .level.errors .icon {
      color: var(--vscode-charts-red);
    }
    .level.warnings .icon {
      color: var(--vscode-charts-yellow);
    }
    .size {
      margin-inline-start: auto;
    }
    @media (max-width: 599px) {
      .bar {
        flex-wrap: wrap;
        gap: 2px 6px;
        height: auto;
        padding-block: 4px;
      }
      .bar > .clip:first-child {
        flex: 1;
      }
      .lines-count {
        display: none;
      }
      runledger-find-bar {
        flex: 1 0 100%;
        order: 1;
      }
    }
  `,
];
