import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { RunPageModel, RunPageTab } from '../../src/protocol/runPage.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { formatCount } from '../shared/formatNumbers.ts';
import type { MenuItem } from '../shared/menuItems.ts';
import '../shared/menuButton.ts';

const tabOrder: readonly RunPageTab[] = ['overview', 'metrics', 'images', 'tables', 'children', 'files', 'snapshot'];

/** What a page shows that nobody chose a tab of: of a sweep or a pipeline, its child runs say the most. */
export function firstTab({ identity }: RunPageModel): RunPageTab {
  return identity.type === 'Sweep' || identity.type === 'Pipeline' ? 'children' : 'overview';
}

/** The tabs of a run: that of its child runs only where there can be some. */
export function tabsOf(model: RunPageModel): readonly RunPageTab[] {
  const hasChildren =
    model.children.length > 0 || model.identity.type === 'Sweep' || model.identity.type === 'Pipeline';
  return hasChildren ? tabOrder : tabOrder.filter((tab) => tab !== 'children');
}

const titles: Readonly<Record<RunPageTab, string>> = {
  overview: 'Overview',
  metrics: 'Metrics',
  images: 'Images',
  tables: 'Tables',
  children: 'Child runs',
  files: 'Outputs + logs',
  snapshot: 'Snapshot',
};

/** In a narrow page these wait behind "more", from the first: two of them, or three where there are child runs. */
const hiddenFirst: readonly RunPageTab[] = ['snapshot', 'tables', 'images', 'metrics'];

/** The tabs that have no room in a narrow page. The active one always has. */
function hiddenTabs(tabs: readonly RunPageTab[], active: RunPageTab): readonly RunPageTab[] {
  return hiddenFirst.filter((tab) => tab !== active).slice(0, tabs.includes('children') ? 3 : 2);
}

export function tabTitle(tab: RunPageTab): string {
  return titles[tab];
}

export function isTableMetric(kind: string): boolean {
  return kind === 'row' || kind === 'table';
}

function tabCount(tab: RunPageTab, model: RunPageModel): number {
  const results = model.metrics.filter(({ isSystem }) => !isSystem);
  const tables = results.filter((metric) => isTableMetric(metric.kind)).length;
  switch (tab) {
    case 'overview':
    case 'snapshot':
      return 0;
    case 'metrics':
      return results.length - tables;
    case 'images':
      return model.annotations.images.length;
    case 'tables':
      return tables + model.annotations.documents.length;
    case 'children':
      return model.children.length;
    case 'files':
      return model.files.length;
    default:
      return tab satisfies never;
  }
}

/** The row of tabs. Tells of a choice with a `choose-tab` event. */
export class RunTabs extends LitElement {
  static override properties = {
    model: { attribute: false },
    active: { type: String },
    isNarrow: { type: Boolean },
  };
  declare model: RunPageModel;
  declare active: RunPageTab;
  declare isNarrow: boolean;

  /** The next tab that becomes active gets the focus: it was chosen by a key. */
  #focusesActive = false;

  static override styles = [
    baseStyles,
    css`
      :host {
        display: flex;
        flex: none;
        align-items: center;
        padding: 0 var(--rl-pad);
        border-bottom: 1px solid var(--rl-line);
      }
      [role='tablist'] {
        display: flex;
        gap: 20px;
        min-width: 0;
      }
      button[role='tab'] {
        display: inline-flex;
        flex: none;
        align-items: center;
        gap: 7px;
        height: calc(36 * var(--rl-unit));
        padding: 0;
        margin-bottom: -1px;
        color: var(--vscode-panelTitle-inactiveForeground, var(--rl-secondary));
        background: none;
        border: 0;
        border-bottom: 1px solid transparent;
        white-space: nowrap;
      }
      button[role='tab']:hover {
        color: var(--vscode-panelTitle-activeForeground, var(--vscode-foreground));
        outline: var(--rl-hover-outline);
        outline-offset: -3px;
      }
      button[aria-selected='true'] {
        color: var(--vscode-panelTitle-activeForeground, var(--vscode-foreground));
        border-bottom-color: var(--rl-tab-line);
      }
      button[role='tab']:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -2px;
      }
      runledger-menu-button {
        margin-inline-start: auto;
      }
      @media (max-width: 599px) {
        [role='tablist'] {
          gap: 14px;
        }
        button[role='tab'] {
          gap: 5px;
        }
      }
      @media (max-width: 379px) {
        [role='tablist'] {
          gap: 9px;
        }
      }
    `,
  ];

  protected override updated(changed: PropertyValues): void {
    if (changed.has('active') && this.#focusesActive) {
      this.#focusesActive = false;
      this.renderRoot.querySelector<HTMLElement>(`#tab-${this.active}`)?.focus();
    }
  }

  protected override render(): unknown {
    const tabs = tabsOf(this.model);
    const hidden = this.isNarrow ? hiddenTabs(tabs, this.active) : [];
    return html`
      <div role="tablist" aria-label="Parts of the run" @keydown=${this.#onKey}>
        ${tabs.filter((tab) => !hidden.includes(tab)).map((tab) => this.#tab(tab))}
      </div>
      ${
        hidden.length === 0
          ? nothing
          : html`<runledger-menu-button label="More tabs" .items=${hidden.map((tab) => this.#menuItem(tab))}></runledger-menu-button>`
      }
    `;
  }

  #tab(tab: RunPageTab): unknown {
    // The longest title has no room for a count in a narrow page.
    const count = this.isNarrow && tab === 'files' ? 0 : tabCount(tab, this.model);
    const isActive = tab === this.active;
    return html`<button
      role="tab"
      id="tab-${tab}"
      data-tab=${tab}
      aria-selected=${isActive}
      tabindex=${isActive ? 0 : -1}
      @click=${() => this.#choose(tab)}
    >${titles[tab]}${count === 0 ? nothing : html`<span class="count">${formatCount(count)}</span>`}</button>`;
  }

  #menuItem(tab: RunPageTab): MenuItem {
    const count = tabCount(tab, this.model);
    return { label: count === 0 ? titles[tab] : `${titles[tab]} ${formatCount(count)}`, run: () => this.#choose(tab) };
  }

  #choose(tab: RunPageTab): void {
    this.dispatchEvent(new CustomEvent('choose-tab', { detail: tab }));
  }

  #onKey = (event: KeyboardEvent): void => {
    const tabOrder = tabsOf(this.model);
    const index = tabOrder.indexOf(this.active);
    const moves: Record<string, number> = {
      ArrowRight: (index + 1) % tabOrder.length,
      ArrowLeft: (index - 1 + tabOrder.length) % tabOrder.length,
      Home: 0,
      End: tabOrder.length - 1,
    };
    const tab = tabOrder[moves[event.key] ?? -1];
    if (tab === undefined) {
      return;
    }
    event.preventDefault();
    this.#choose(tab);
    this.#focusesActive = true;
  };
}

customElements.define('runledger-run-tabs', RunTabs);
