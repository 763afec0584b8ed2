import { html, LitElement, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { MetricModel } from '../../../src/protocol/runPage.ts';
import { toPng, toSvg } from '../../charts/chartImage.ts';
import type { LinePlot } from '../../charts/linePlot.ts';
import '../../charts/linePlot.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { type IconName, icon } from '../../shared/icons.ts';
import type { MenuButton } from '../../shared/menuButton.ts';
import type { MenuItem } from '../../shared/menuItems.ts';
import { motion } from '../../shared/motion.ts';
import '../../shared/menuButton.ts';
import { nameOrBlank, splitName } from '../../shared/best.ts';
import type { ThemeWatcher } from '../../shared/theme.ts';
import type { RunSession } from '../runSession.ts';
import { chartCardStyles } from './chartCardStyles.ts';

/**
 * `near`: in or close to what is seen. `ready`: it may be soon, and has its chart. `hidden`: its tab is not shown. `far`: scrolled
 * away.
 */
export type Nearness = 'near' | 'ready' | 'hidden' | 'far';

/** What the tab does for a card. */
export type CardCommand = 'pin' | 'expand' | 'hide';

/**
 * The frame of a chart: name, tools, menu, keys and the plot or the table in it. One tab stop: what its buttons do has keys.
 * Fires `card-connected` when it is put somewhere, also when it is moved, and `card-command` with what the tab has to do.
 */
export abstract class MetricCard extends LitElement {
  static override properties: PropertyDeclarations = {
    metric: { attribute: false },
    session: { attribute: false },
    theme: { attribute: false },
    isPinned: { attribute: false },
    isExpanded: { type: Boolean, reflect: true, attribute: 'expanded' },
    showsTable: { state: true },
    problem: { state: true },
    hasTools: { state: true },
  };
  declare metric: MetricModel;
  declare session: RunSession;
  declare theme: ThemeWatcher;
  declare isPinned: boolean;
  declare isExpanded: boolean;
  declare showsTable: boolean;
  declare problem: string | undefined;
  /** Tools are seen and used only where the pointer or the focus is: of many charts few ever have them. */
  declare hasTools: boolean;

  #nearness: Nearness = 'far';
  #wasNear = false;
  #fill: (() => void) | undefined;

  static override styles = [baseStyles, chartCardStyles];

  constructor() {
    super();
    this.isPinned = false;
    this.isExpanded = false;
    this.showsTable = false;
    this.problem = undefined;
    this.hasTools = false;
    const showTools = (): void => {
      this.hasTools = true;
    };
    // Many cards pass below a pointer that rests while the page is scrolled.
    this.addEventListener('pointerenter', () => motion.atRest(showTools));
    this.addEventListener('focusin', showTools);
    this.addEventListener('keydown', (event) => this.#onKey(event));
    this.addEventListener('contextmenu', (event) => {
      event.preventDefault();
      this.#menu?.open();
    });
  }

  get nearness(): Nearness {
    return this.#nearness;
  }

  /** Told by the tab, which watches what is seen. */
  setNearness(nearness: Nearness): void {
    const wasFar = this.#nearness === 'far';
    this.#nearness = nearness;
    const { plot } = this;
    if (plot !== undefined) {
      // Many come near while the page is scrolled: only the plot has something to do with it.
      plot.isSeen = nearness !== 'ready';
    }
    if (wasFar !== (nearness === 'far')) {
      this.requestUpdate();
      this.fill();
    }
  }

  /** Lets a card that was never near have its name. Until then it is an empty box: what is seen comes first. */
  fill(): void {
    this.#fill?.();
    this.#fill = undefined;
  }

  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated && this.nearness === 'far') {
      await new Promise<void>((resolve) => {
        this.#fill = resolve;
      });
    }
    await super.scheduleUpdate();
  }

  /** What stands at the right of the name. */
  protected abstract renderLast(): unknown;
  protected abstract renderPlot(): unknown;
  protected abstract renderTable(): unknown;
  protected abstract renderFooter(): unknown;
  /** The chart in words. */
  protected abstract describe(): string;

  protected get plot(): LinePlot | undefined {
    return this.renderRoot.querySelector<LinePlot>('runledger-line-plot') ?? undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.dispatchEvent(new CustomEvent('card-connected', { bubbles: true, composed: true }));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.setNearness('far');
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('metric')) {
      this.setAttribute('role', 'group');
      this.setAttribute('aria-roledescription', 'chart');
      this.setAttribute('aria-keyshortcuts', 'Enter T P Delete Shift+F10');
      this.setAttribute('aria-label', this.describe());
    }
  }

  protected override render(): unknown {
    // Of thousands of charts only those that were close to what is seen have more than their frame.
    this.#wasNear ||= this.nearness !== 'far';
    if (!this.#wasNear) {
      return html`<header><bdi class="clip">${this.metric.name}</bdi></header>
        <div class="plot"></div>
        <footer></footer>`;
    }
    const { prefix, rest } = splitName(this.metric.name);
    return html`
      <header title=${this.metric.description ?? this.metric.name} draggable="true">
        <span class="clip"><bdi class="secondary">${prefix}</bdi><bdi>${nameOrBlank(rest)}</bdi></span>
        <span class="last numbers">${this.renderLast()}</span>
        ${this.hasTools ? this.#tools() : nothing}
      </header>
      <div class="plot" ?hidden=${this.showsTable}>
        ${this.renderPlot()} ${this.problem === undefined ? nothing : html`<p class="problem">${this.problem}</p>`}
      </div>
      ${this.showsTable ? this.renderTable() : nothing}
      <footer class="numbers">${this.renderFooter()}</footer>
    `;
  }

  #tools(): unknown {
    return html`<span class="tools">
        ${this.#tool('table', this.showsTable ? 'Show as chart (T)' : 'Show as table (T)', this.showsTable, () => this.#toggleTable())}
        ${this.#tool(
          this.isExpanded ? 'screen-normal' : 'screen-full',
          this.isExpanded ? 'Restore (Enter)' : 'Expand (Enter)',
          undefined,
          () => this.#tell('expand'),
        )}
        ${this.#tool(this.isPinned ? 'pinned' : 'pin', this.isPinned ? 'Unpin (P)' : 'Pin to top (P)', this.isPinned, () => this.#tell('pin'))}
        <runledger-menu-button
          .label=${'More (Shift+F10)'}
          .isTabStop=${false}
          .items=${this.#items()}
        ></runledger-menu-button>
    </span>`;
  }

  #tool(name: IconName, title: string, isPressed: boolean | undefined, run: () => void): unknown {
    return html`<button
      class="icon-button"
      tabindex="-1"
      title=${title}
      aria-label=${title}
      aria-pressed=${isPressed ?? nothing}
      @click=${run}
    >
      ${icon(name)}
    </button>`;
  }

  #items(): MenuItem[] {
    const pictures: MenuItem[] = [
      { label: 'Export as PNG…', run: () => this.#savePicture('png') },
      { label: 'Export as SVG…', run: () => this.#savePicture('svg') },
    ];
    // While the table stands in the chart's place there is no picture of it.
    const exports = [...(this.showsTable ? [] : pictures), ...this.exportItems()];
    return [
      {
        label: this.isPinned ? 'Unpin' : 'Pin to top',
        icon: this.isPinned ? 'pinned' : 'pin',
        key: 'P',
        run: () => this.#tell('pin'),
      },
      {
        label: this.isExpanded ? 'Restore size' : 'Expand',
        icon: this.isExpanded ? 'screen-normal' : 'screen-full',
        key: 'Enter',
        run: () => this.#tell('expand'),
      },
      {
        label: this.showsTable ? 'Show as chart' : 'Show as table',
        icon: 'table',
        key: 'T',
        run: () => this.#toggleTable(),
      },
      ...exports.map((item, index) => ({ ...item, separatorBefore: index === 0 })),
      {
        label: 'Copy name',
        icon: 'copy',
        separatorBefore: true,
        run: () => this.session.act({ action: 'copyText', text: this.metric.name }),
      },
      { label: 'Hide chart', separatorBefore: true, key: 'Del', run: () => this.#tell('hide') },
    ];
  }

  /** More forms in which the data can leave. */
  protected exportItems(): MenuItem[] {
    return [];
  }

  get #menu(): MenuButton | undefined {
    return this.renderRoot.querySelector<MenuButton>('runledger-menu-button') ?? undefined;
  }

  #savePicture(form: 'png' | 'svg'): void {
    const chart = this.plot?.chart;
    if (chart === undefined) {
      this.problem ??= 'There is no chart to export yet.';
      return;
    }
    const write = form === 'png' ? toPng : toSvg;
    const content = write(chart, this.theme.current, this.metric.name);
    this.session.act({ action: 'saveChart', metric: this.metric.name, form, content });
  }

  #toggleTable(): void {
    this.showsTable = !this.showsTable;
  }

  #tell(command: CardCommand): void {
    this.dispatchEvent(
      new CustomEvent<CardCommand>('card-command', { bubbles: true, composed: true, detail: command }),
    );
  }

  #onKey(event: KeyboardEvent): void {
    const isOwn = event.composedPath()[0] === this;
    if (!isOwn || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const commands: Record<string, () => void> = {
      t: () => this.#toggleTable(),
      p: () => this.#tell('pin'),
      Enter: () => this.#tell('expand'),
      Delete: () => this.#tell('hide'),
      ContextMenu: () => this.#menu?.open(),
      ...(event.shiftKey ? { F10: () => this.#menu?.open() } : {}),
    };
    const command = commands[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (command !== undefined) {
      event.preventDefault();
      command();
    } else if (!this.showsTable && this.plot?.pressKey(event) === true) {
      event.preventDefault();
    } else if (event.key === 'Escape' && this.isExpanded) {
      this.#tell('expand');
    }
  }
}
