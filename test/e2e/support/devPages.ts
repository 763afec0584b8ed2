import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { test as base, type Page } from '@playwright/test';
import { captureCommand } from '../../../scripts/support/childProcess.ts';
import { rootFolder } from '../../../scripts/support/paths.ts';

/** No such host: every request is answered from the folder. */
const origin = 'http://pages.invalid';
const folder = path.join(rootFolder, '.cache', 'webview-dev');

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
};

export interface DevPages {
  /** Opens a page by its file and query, as `/?theme=dark&scenario=running&tab=metrics`. */
  open(page: Page, address: string): Promise<void>;
}

/** Tests that need a page and a browser, but no VS Code: the pages are fed by `webview-ui/dev/`. */
export const test = base.extend<object, { readonly devPages: DevPages }>({
  devPages: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are wanted from this pattern.
    async ({}, use) => {
      const built = await captureCommand(process.execPath, ['webview-ui/dev/build.ts'], { cwd: rootFolder });
      if (built.exitCode !== 0) {
        throw new Error(`The pages could not be built:\n${built.stderr}`);
      }
      await use({ open });
    },
    { scope: 'worker' },
  ],
});

async function open(page: Page, address: string): Promise<void> {
  await page.route(`${origin}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const name = pathname === '/' ? 'index.html' : pathname.slice(1);
    const contentType = contentTypes[path.extname(name)] ?? 'application/octet-stream';
    await route.fulfill({ contentType, body: await readFile(path.join(folder, name)) });
  });
  await page.goto(`${origin}${address}`);
}
