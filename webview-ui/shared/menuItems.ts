/** What menus have in common, wherever they open: their items, their look, and the keys that move among them. */
import { css, html, nothing } from 'lit';
import { type IconName, icon } from './icons.ts';

export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName;
  /** The key that does the same, as `P`. */
  readonly key?: string;
  /** Of something that is on or off. */
  readonly isChecked?: boolean;
  readonly separatorBefore?: boolean;
  readonly run: () => void;
}

/** Of an element with the class `menu`, which holds {@link menuItems}. */
export const menuStyles = css`
  .menu {
    padding: 4px;
    background: var(--vscode-menu-background);
    color: var(--vscode-menu-foreground);
    border: 1px solid var(--vscode-menu-border, var(--rl-line));
    border-radius: calc(var(--rl-radius) + 2px);
    box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
  }
  .menu button {
    display: flex;
    align-items: center;
    gap: 8px;
    width: 100%;
    height: calc(24 * var(--rl-unit));
    padding: 0 10px;
    white-space: nowrap;
    background: none;
    border: 0;
    border-radius: var(--rl-radius);
  }
  .menu button:focus,
  .menu button:hover {
    color: var(--vscode-menu-selectionForeground, inherit);
    background: var(--vscode-menu-selectionBackground, transparent);
    outline: var(--rl-menu-selected-outline);
    outline-offset: -1px;
  }
  .menu .key {
    margin-inline-start: auto;
    padding-inline-start: 24px;
    opacity: 0.8;
  }
  .menu .icon:empty {
    width: calc(16 * var(--rl-unit));
  }
  .menu .separator {
    height: 1px;
    margin: 4px 0;
    background: var(--vscode-menu-separatorBackground, var(--rl-line));
  }
`;

export function menuItems(items: readonly MenuItem[], choose: (item: MenuItem) => void): unknown {
  const hasMarks = items.some((item) => item.isChecked !== undefined);
  return items.map(
    (item) => html`
      ${item.separatorBefore ? html`<div class="separator" role="separator"></div>` : nothing}
      <button
        role=${item.isChecked === undefined ? 'menuitem' : 'menuitemcheckbox'}
        aria-checked=${item.isChecked ?? nothing}
        aria-keyshortcuts=${item.key ?? nothing}
        tabindex="-1"
        @click=${() => choose(item)}
      >
        ${mark(item, hasMarks)}<span class="clip">${item.label}</span>
        ${item.key === undefined ? nothing : html`<span class="key" aria-hidden="true">${item.key}</span>`}
      </button>
    `,
  );
}

/** Where some items have marks, all labels begin at the same place. */
function mark({ icon: name, isChecked }: MenuItem, hasMarks: boolean): unknown {
  if (isChecked === true) {
    return icon('check');
  }
  if (name !== undefined) {
    return icon(name);
  }
  return hasMarks ? html`<span class="icon"></span>` : nothing;
}

export function menuButtons(root: DocumentFragment | HTMLElement): HTMLButtonElement[] {
  return [...root.querySelectorAll<HTMLButtonElement>('.menu button')];
}

/** Up, down, Home and End go from item to item. Returns whether it was one of them. */
export function moveInMenu(event: KeyboardEvent, root: ShadowRoot | null): boolean {
  const buttons = root === null ? [] : menuButtons(root);
  const focused = root?.activeElement;
  const index = focused instanceof HTMLButtonElement ? buttons.indexOf(focused) : -1;
  const moves: Record<string, number> = {
    ArrowDown: (index + 1) % buttons.length,
    ArrowUp: (index - 1 + buttons.length) % buttons.length,
    Home: 0,
    End: buttons.length - 1,
  };
  const target = moves[event.key];
  if (target === undefined) {
    return false;
  }
  event.preventDefault();
  buttons[target]?.focus();
  return true;
}
