/** The pictures of the README: which pages, and how a person gets there. */
import path from 'node:path';
import { untilChartsAreDrawn } from '../../test/e2e/support/charts.ts';
import { Workbench } from '../../test/e2e/support/workbench.ts';
import { launchBrowser } from '../vscode-host/browser.ts';
import type { VscodeServer } from '../vscode-host/serverProcess.ts';
import type { SampleStore } from './sampleStore.ts';

interface Picture {
  readonly name: string;
  /** Goes to what is to be seen, and waits until it is there. */
  readonly show: (workbench: Workbench, store: SampleStore) => Promise<void>;
}

const pictures: readonly Picture[] = [
  {
    name: 'experiment',
    show: async (workbench, store) => {
      await workbench.runCommand('Runledger: Open Experiment');
      await workbench.pick(store.experiment);
      await workbench.webview.getByRole('grid', { name: 'Runs' }).getByText('small batches').waitFor();
      await untilChartsAreDrawn(workbench.webview, 3);
    },
  },
  {
    name: 'compare',
    show: async (workbench) => {
      const { page, webview } = workbench;
      await webview.getByRole('grid', { name: 'Runs' }).getByText('another seed').click();
      for (const key of ['Escape', 'Space', 'Shift+ArrowDown', 'Shift+ArrowDown']) {
        await page.keyboard.press(key);
      }
      await webview.getByText('3 selected').waitFor();
      await webview.getByRole('button', { name: 'Compare' }).click();
      await workbench.editorTab('Compare 3 runs').waitFor();
      await workbench.webview.getByRole('heading', { name: 'Compare 3 runs' }).waitFor();
      await untilChartsAreDrawn(workbench.webview, 3);
    },
  },
  { name: 'run-metrics', show: (workbench, store) => openRunAt(workbench, store, 'Metrics', 4) },
  {
    name: 'run-tables',
    show: async (workbench, store) => {
      await openRunAt(workbench, store, 'Tables', 0);
      await workbench.webview.locator('runledger-data-table td').first().waitFor();
    },
  },
  {
    name: 'model',
    show: async (workbench, store) => {
      await workbench.runCommand('Runledger: Open Model');
      await workbench.pick(`${store.model}:2`);
      await workbench.webview.getByRole('heading', { name: store.model }).waitFor();
    },
  },
];

const themes = ['dark', 'light'] as const;

/** @returns the files, `<name>.<theme>.png` */
export async function takePictures(server: VscodeServer, store: SampleStore, folder: string): Promise<string[]> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const workbench = new Workbench(page, server);
    await workbench.openFolder(store.folder);
    await workbench.showSideBar();
    await workbench.expandTreeRow(new RegExp(`^${store.experiment}`));
    const files: string[] = [];
    for (const theme of themes) {
      await workbench.setTheme(theme);
      for (const { name, show } of pictures) {
        await show(workbench, store);
        // Away from whatever answers to the pointer.
        await page.mouse.move(1, 1);
        const file = path.join(folder, `${name}.${theme}.png`);
        await page.screenshot({ path: file, animations: 'disabled' });
        files.push(file);
      }
    }
    return files;
  } finally {
    await browser.close();
  }
}

async function openRunAt(workbench: Workbench, store: SampleStore, tab: string, charts: number): Promise<void> {
  await workbench.runCommand('Runledger: Open Run');
  await workbench.pick(store.best.id);
  await workbench.webview.getByRole('tab', { name: tab }).click();
  await untilChartsAreDrawn(workbench.webview, charts);
}
