import path from 'node:path';
import type { FrameLocator, Locator, Page } from '@playwright/test';
import { screenshotsFolder } from '../../../scripts/support/paths.ts';
import type { VscodeServer } from '../../../scripts/vscode-host/serverProcess.ts';

/** The themes that every view is looked at in: what VS Code calls them, and the class of a window drawn in them. */
const themes = {
  dark: { label: 'Dark Modern', windowClass: 'vs-dark' },
  light: { label: 'Light Modern', windowClass: 'vs' },
  'high-contrast-dark': { label: 'Dark High Contrast', windowClass: 'hc-black' },
  'high-contrast-light': { label: 'Light High Contrast', windowClass: 'hc-light' },
} as const;
export type ThemeName = keyof typeof themes;

const startTimeoutMs = 60_000;

/** VS Code's window in a browser page, driven the way a person does. Every method waits for what it names. */
export class Workbench {
  readonly page: Page;
  readonly server: VscodeServer;

  constructor(page: Page, server: VscodeServer) {
    this.page = page;
    this.server = server;
  }

  /** Opens a folder and waits until the window, the explorer and the extension's icon are there. */
  async openFolder(folder: string): Promise<void> {
    await this.page.goto(this.server.workbenchUrl(folder));
    await this.untilReady();
  }

  /** Reloads the window. Extensions start anew, and what was shown is restored. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.runCommand('Developer: Reload Window');
    await loaded;
    await this.untilReady();
  }

  async untilReady(): Promise<void> {
    await this.page.locator('.monaco-workbench').waitFor({ timeout: startTimeoutMs });
    await this.activityBarItem.waitFor({ timeout: startTimeoutMs });
    await this.page.locator('.part.statusbar').waitFor({ timeout: startTimeoutMs });
  }

  /** The extension's icon in the activity bar. */
  get activityBarItem(): Locator {
    return this.page.locator('.part.activitybar').getByRole('tab', { name: /^Runledger/ });
  }

  /** Shows the extension's side bar, whatever is shown now. */
  async showSideBar(): Promise<void> {
    if ((await this.activityBarItem.getAttribute('aria-selected')) !== 'true') {
      await this.activityBarItem.click();
    }
    await this.page.locator('.part.sidebar .composite.title', { hasText: /runledger/i }).waitFor();
  }

  /** Runs a command by its full title, such as `Runledger: Submit`, be others of that beginning used more lately. */
  async runCommand(title: string): Promise<void> {
    const row = this.page.locator('.quick-input-widget').getByRole('option', { name: commandRow(title) });
    for (let attempt = 1; ; attempt += 1) {
      await this.leavePage();
      await this.fillQuickInput('F1', `>${title}`);
      try {
        await row.first().click({ timeout: 3_000 });
        return;
      } catch (error) {
        // The palette lists what was enabled when it opened; in a window that has just started, that is not all.
        if (attempt === 5) {
          throw error;
        }
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /**
   * Takes the focus out of a page that is shown to its tab, and sees that it stays there. VS Code gives the focus to a page that was opened, and back to
   * it when the palette closes, by a message that the page's process gets some time later: on a busy machine after the command's own quick pick has
   * opened, which that closes.
   */
  private async leavePage(): Promise<void> {
    if ((await this.page.locator('iframe.webview:visible').count()) === 0) {
      return;
    }
    await this.page.locator('iframe.webview:not(.ready):visible').first().waitFor({ state: 'hidden' });
    const tab = this.page.locator('.part.editor .editor-group-container.active .tab.active');
    // Nothing tells that no such message is on its way any more.
    for (let calmLooks = 0; calmLooks < 3; ) {
      if (await this.page.evaluate(() => document.activeElement instanceof HTMLIFrameElement)) {
        await tab.focus();
        calmLooks = 0;
      } else {
        calmLooks += 1;
      }
      await this.page.waitForTimeout(100);
    }
  }

  /**
   * Opens the quick input with a key and fills it. A page that is being shown can take the focus, and so close it again:
   * then it is opened anew.
   */
  private async fillQuickInput(key: string, text: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      await this.page.keyboard.press(key);
      try {
        await this.quickInputText.fill(text, { timeout: 3_000 });
        await this.quickInputRows.first().waitFor({ timeout: 3_000 });
        return;
      } catch (error) {
        if (attempt === 5) {
          throw error;
        }
      }
    }
  }

  /** Opens a file of the open folder by its name, through quick open. */
  async openFile(name: string): Promise<void> {
    await this.fillQuickInput('ControlOrMeta+P', name);
    await this.quickInputRows.filter({ hasText: name }).first().click();
    await this.editorTab(path.posix.basename(name)).waitFor();
    // A notebook's lie over the editor that holds it.
    await this.page.locator('.editor-instance .view-line, .notebookOverlay .view-line').first().waitFor();
  }

  /** The quick input's rows that are there now. */
  get quickInputRows(): Locator {
    return this.page.locator('.quick-input-widget .quick-input-list [role="option"]');
  }

  get quickInputText(): Locator {
    return this.page.locator('.quick-input-widget .quick-input-box input');
  }

  /** Waits for a quick pick with the given row, and takes that row. */
  async pick(row: string | RegExp): Promise<void> {
    await this.quickInputRows.filter({ hasText: row }).first().click();
  }

  /**
   * Waits for an input box with the given prompt or placeholder, types a text, and accepts it; in a quick pick, by taking
   * the row that holds the text.
   */
  async answer(prompt: string | RegExp, text: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget');
    const asked = widget.getByText(prompt).or(widget.getByPlaceholder(prompt));
    await asked.first().waitFor();
    const hasRows = await widget.locator('.quick-input-list').isVisible();
    await this.quickInputText.fill(text);
    if (hasRows) {
      await this.pick(text);
    } else {
      await this.page.keyboard.press('Enter');
    }
  }

  /** The rows of the extension's trees, by their accessible label (which holds label and description). */
  treeRow(label: string | RegExp): Locator {
    return this.page.locator('.part.sidebar').getByRole('treeitem', { name: label });
  }

  /** Unfolds a row of a tree, unless it is unfolded. */
  async expandTreeRow(label: string | RegExp): Promise<void> {
    const row = this.treeRow(label).first();
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) === 'false') {
      await row.locator('.monaco-tl-twistie').click();
    }
    await this.page
      .locator('.part.sidebar [role="treeitem"][aria-expanded="true"]')
      .and(this.treeRow(label))
      .first()
      .waitFor();
  }

  /** Clicks a row of a tree, once nothing is drawn anew. */
  async clickRow(row: Locator, options?: Parameters<Locator['click']>[0]): Promise<void> {
    await row.waitFor();
    await this.treeAtRest();
    await row.click(options);
  }

  /**
   * Resolves once the trees have been drawn and stay as they are for a moment: a click on a row that is drawn anew is lost, and a command of its menu
   * is not told which row it was.
   */
  private async treeAtRest(): Promise<void> {
    await this.page.locator('.part.sidebar').evaluate(async (sideBar) => {
      const restMs = 300;
      await new Promise<void>((resolve) => {
        let rest: ReturnType<typeof setTimeout>;
        const awaitRest = (): void => {
          clearTimeout(rest);
          rest = setTimeout(() => {
            observer.disconnect();
            resolve();
          }, restMs);
        };
        const observer = new MutationObserver(awaitRest);
        observer.observe(sideBar, { subtree: true, childList: true, characterData: true });
        awaitRest();
      });
    });
  }

  /** Runs an entry of a row's context menu, by its full title. */
  async runFromContextMenu(row: Locator, title: string): Promise<void> {
    // By what it says, since its name goes on with its key where it has one.
    const text = this.page.getByText(title, { exact: true });
    const entry = this.page.locator('.context-view').getByRole('menuitem').filter({ has: text });
    await this.clickRow(row, { button: 'right' });
    // A menu shows what was enabled when it opened; in a window that has just started, that is not all.
    for (let attempt = 1; attempt < 30 && (await entry.getAttribute('aria-disabled')) === 'true'; attempt += 1) {
      await this.page.keyboard.press('Escape');
      await entry.waitFor({ state: 'hidden' });
      await this.clickRow(row, { button: 'right' });
    }
    // A tree that is drawn anew closes the menu.
    for (let attempt = 1; ; attempt += 1) {
      try {
        await entry.click({ timeout: 10_000 });
        break;
      } catch (error) {
        if (attempt === 3) {
          throw error;
        }
        await this.page.keyboard.press('Escape');
        await this.clickRow(row, { button: 'right' });
      }
    }
    // A menu takes no click in its first moments, in which the button that opened it may still be let go.
    for (let attempt = 1; attempt < 5 && (await entry.isVisible()); attempt += 1) {
      await entry.click({ timeout: 1_000 }).catch(() => {});
    }
    await entry.waitFor({ state: 'hidden' });
  }

  /** A toast, by a part of its text. */
  notification(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item', { hasText: text });
  }

  /** A modal question, by a part of its text. */
  dialog(text: string | RegExp): Locator {
    return this.page.locator('.monaco-dialog-box', { hasText: text });
  }

  editorTab(name: string | RegExp): Locator {
    return this.page.locator('.part.editor .tabs-container').getByRole('tab', { name });
  }

  /**
   * The document of the webview that is shown. VS Code keeps those of hidden tabs in the page, so it is found by being
   * visible.
   */
  get webview(): FrameLocator {
    return this.page.locator('iframe.webview:visible').contentFrame().locator('iframe#active-frame').contentFrame();
  }

  /** Puts the window into another theme and waits until it is drawn in it. The next test starts in the dark one. */
  async setTheme(theme: ThemeName): Promise<void> {
    const { label, windowClass } = themes[theme];
    await this.runCommand('Preferences: Color Theme');
    await this.quickInputText.fill(label);
    await this.pick(exactStart(label));
    await this.page.locator(`.monaco-workbench.${windowClass}`).waitFor();
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** Leaves a picture in test-output/screenshots/<name>.png. */
  async screenshot(name: string): Promise<string> {
    const file = path.join(screenshotsFolder, `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }
}

function exactStart(text: string): RegExp {
  return new RegExp(`^\\s*${escaped(text)}`);
}

/** The accessible name of a command's row: its title, then perhaps its key and whether it was used lately. */
function commandRow(title: string): RegExp {
  return new RegExp(`^${escaped(title)}…?(,|$)`);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
