import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { rootFolder } from '../../../scripts/support/paths.ts';
import type { Workbench } from './workbench.ts';

/** What lets a script that is run by hand import `azureml.core`, as an environment variable. */
export const pythonPath = {
  PYTHONPATH: ['python', 'python/compat'].map((folder) => path.join(rootFolder, folder)).join(path.delimiter),
};

/** Writes files into a folder, by their path in it. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** Opens a folder that has no workspace yet, and makes one with the button of the welcome text. */
export async function openNewWorkspace(workbench: Workbench, folder: string): Promise<void> {
  await workbench.openFolder(folder);
  await workbench.showSideBar();
  const sideBar = workbench.page.locator('.part.sidebar');
  await sideBar.getByRole('button', { name: 'Create workspace' }).click();
  await expect(sideBar.getByText('No runs yet')).toBeVisible();
}

/** Opens a script and submits it from the palette, in a copy of the folder unless a run configuration says otherwise. The experiment is made where it is new. */
export async function submitScript(
  workbench: Workbench,
  script: string,
  options: { experiment: string; arguments?: string; runConfiguration?: string },
): Promise<void> {
  await workbench.openFile(script);
  await workbench.runCommand(`Runledger: Submit${options.arguments === undefined ? '' : ' with Arguments'}`);
  await chooseSubmission(workbench, options);
}

/** Answers what a submission asks. */
export async function chooseSubmission(
  workbench: Workbench,
  options: { experiment: string; arguments?: string; runConfiguration?: string },
): Promise<void> {
  const { page, quickInputText } = workbench;
  await workbench.pick(options.runConfiguration ?? /^\s*local(?! \(in place\))/);
  await page.getByPlaceholder('Experiment: choose one, or type the name of a new one').waitFor();
  await quickInputText.fill(options.experiment);
  await workbench.pick(options.experiment);
  if (options.arguments !== undefined) {
    await page.locator('.quick-input-widget').getByText('Arguments, quoted as in a shell').waitFor();
    await quickInputText.fill(options.arguments);
    await page.keyboard.press('Enter');
  }
}
