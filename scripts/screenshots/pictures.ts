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
    name: 'run-metrics',
    show: async (workbench, store) => {
      await openRun(workbench, store.best.id);
      await workbench.webview.getByRole('tab', { name: 'Metrics' }).click();
      await untilChartsAreDrawn(workbench.webview, 4);
    },
  },
  {
    name: 'run-overview',
    show: async (workbench, store) => {
      await openRun(workbench, store.best.id);
      await workbench.webview.getByRole('tab', { name: 'Overview' }).click();
      await workbench.webview.getByText(store.best.id).first().waitFor();
    },
  },
];

const themes = ['dark', 'light'] as const;

/** @returns the files, `<name>.<theme>.png` */
export async function takePictures(server: VscodeServer, store: SampleStore, folder: string): Promise<string[]> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
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

async function openRun(workbench: Workbench, runId: string): Promise<void> {
  await workbench.runCommand('Runledger: Open Run');
  await workbench.pick(runId);
}
