import * as vscode from 'vscode';
import type { ExperimentSummary } from '../../core/domain/workspace.ts';
import { checkExperimentName, experimentKey } from '../../core/store/names.ts';

interface ExperimentItem extends vscode.QuickPickItem {
  /** Undefined for the row that says why what was typed is no name. */
  readonly experiment: string | undefined;
}

export interface PickExperimentOptions {
  readonly title: string;
  readonly experiments: readonly ExperimentSummary[];
  /** The one that the script was submitted to last. */
  readonly remembered: string | undefined;
  /** Proposed where no experiment of that name is there. */
  readonly proposal: string;
}

/** Lets the person choose an experiment or type the name of a new one. Undefined where the person gave up. */
export async function pickExperiment(options: PickExperimentOptions): Promise<string | undefined> {
  const picker = vscode.window.createQuickPick<ExperimentItem>();
  picker.title = options.title;
  picker.placeholder = vscode.l10n.t('Experiment: choose one, or type the name of a new one');
  picker.ignoreFocusOut = true;
  const update = (): void => {
    picker.items = experimentItems(options, picker.value.trim());
  };
  update();
  try {
    return await new Promise<string | undefined>((resolve) => {
      picker.onDidChangeValue(update);
      picker.onDidAccept(() => {
        const experiment = picker.selectedItems[0]?.experiment ?? newNameIn(picker);
        // The row that says what is wrong with a name is not a choice: the picker stays open.
        if (experiment !== undefined) {
          resolve(experiment);
        }
      });
      picker.onDidHide(() => resolve(undefined));
      picker.show();
    });
  } finally {
    picker.dispose();
  }
}

/** Who types a name and presses Enter is faster than the row for it. */
function newNameIn(picker: vscode.QuickPick<ExperimentItem>): string | undefined {
  const typed = picker.value.trim();
  const isChosen = picker.selectedItems.length > 0;
  return !isChosen && typed !== '' && checkExperimentName(typed) === undefined ? typed : undefined;
}

function experimentItems(options: PickExperimentOptions, typed: string): ExperimentItem[] {
  const { experiments, remembered, proposal } = options;
  const isKnown = (name: string): boolean => {
    const key = experimentKey(name);
    return experiments.some((experiment) => experiment.key === key);
  };
  const isOffered = ({ name, archivedTime }: ExperimentSummary): boolean =>
    // Archived ones can be used, by those who know their names.
    archivedTime === undefined || typed !== '' || name === remembered;
  const known = experiments.filter(isOffered).map(
    (experiment): ExperimentItem => ({
      experiment: experiment.name,
      label: experiment.name,
      iconPath: new vscode.ThemeIcon(experiment.archivedTime === undefined ? 'beaker' : 'archive'),
      description: describe(experiment, remembered),
    }),
  );
  const items = [
    ...known.filter((item) => item.experiment === remembered),
    ...known.filter((item) => item.experiment !== remembered),
  ];
  if (typed === '') {
    return checkExperimentName(proposal) === undefined && !isKnown(proposal)
      ? [...items, newItem(proposal, false)]
      : items;
  }
  const problem = checkExperimentName(typed);
  if (problem !== undefined) {
    return [...items, { experiment: undefined, label: `$(warning) ${problem}`, alwaysShow: true }];
  }
  return isKnown(typed) ? items : [...items, newItem(typed, true)];
}

function describe({ name, archivedTime }: ExperimentSummary, remembered: string | undefined): string {
  if (name === remembered) {
    return vscode.l10n.t('used last');
  }
  return archivedTime === undefined ? '' : vscode.l10n.t('archived');
}

function newItem(name: string, alwaysShow: boolean): ExperimentItem {
  return {
    experiment: name,
    label: vscode.l10n.t('New experiment: {0}', name),
    iconPath: new vscode.ThemeIcon('add'),
    alwaysShow,
  };
}
