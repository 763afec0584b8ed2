import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import * as vscode from 'vscode';
import { errorCode, fileError } from '../../core/base/errors.ts';
import { definitionFilesIn } from './definitionFiles.ts';

/** What tells the configuration of a sweep from other files of YAML. */
const tellingKey = /^\s*["']?parameter_space["']?\s*:/m;

/** A first sweep, to be changed. */
const template = `# What "Runledger: Submit Sweep…" tries: the open script runs once for each set of values.
sampling:
  type: random # random, grid or bayesian
  parameter_space:
    # Each becomes an argument of the script, as in --learning-rate 0.01.
    - name: --learning-rate
      expression: loguniform # choice, randint, uniform, loguniform, normal, lognormal, and q… of these
      values: [-7, -2]
    - name: --batch-size
      expression: choice
      values: [16, 32, 64]
policy:
  type: BanditPolicy # BanditPolicy, MedianStoppingPolicy, TruncationSelectionPolicy or NoTerminationPolicy
  evaluation_interval: 1
  slack_factor: 0.2
  delay_evaluation: 5
primary_metric_name: accuracy # as the script gives it to run.log
primary_metric_goal: maximize
max_total_runs: 12
max_concurrent_runs: 2
max_duration_minutes: 60
`;

interface SweepFileItem extends vscode.QuickPickItem {
  /** Undefined for the one that makes a new file. */
  readonly path: string | undefined;
}

/**
 * Lets the person choose the configuration of a sweep among the files of a source folder, or make a first one, which is
 * opened to be changed.
 *
 * @returns its path; undefined where the person gave up, or has a new file to look at
 */
export async function pickSweepFile(sourceDirectory: string, title: string): Promise<string | undefined> {
  const paths = await definitionFilesIn(sourceDirectory, (_path, text) => tellingKey.test(text));
  const items: SweepFileItem[] = paths.map((path) => ({ path, label: relative(sourceDirectory, path) }));
  const make: SweepFileItem = {
    path: undefined,
    label: vscode.l10n.t('$(new-file) New sweep configuration'),
    detail: vscode.l10n.t('A file that says which hyperparameters to try'),
  };
  const picked = await vscode.window.showQuickPick([...items, make], {
    title,
    placeHolder: vscode.l10n.t('Sweep configuration'),
    ignoreFocusOut: true,
  });
  if (picked === make) {
    await openNewFile(sourceDirectory);
  }
  return picked?.path;
}

async function openNewFile(sourceDirectory: string): Promise<void> {
  const path = await writeTemplate(join(sourceDirectory, '.azureml'));
  await vscode.window.showTextDocument(vscode.Uri.file(path), { preview: false });
  void vscode.window.showInformationMessage(
    vscode.l10n.t('Say in this file what to try, then submit the sweep from the script.'),
  );
}

/** Under a name that is free. */
async function writeTemplate(folder: string): Promise<string> {
  for (let count = 1; ; count++) {
    const path = join(folder, count === 1 ? 'sweep.yml' : `sweep-${count}.yml`);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, template, { flag: 'wx' });
      return path;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') {
        throw fileError(error, 'make the sweep configuration', path);
      }
    }
  }
}
