import { readFile } from 'node:fs/promises';
import { toJsonSchema } from '@valibot/to-json-schema';
import { describe, expect, it } from 'vitest';
import { agentTools } from '../../src/core/agent-tools/agentTools.ts';
import { runFileScheme } from '../../src/extension/files/runFileAddress.ts';
import {
  commandIds,
  contextKeys,
  languageModelToolId,
  rendererIds,
  rowTokens,
  settingIds,
  viewContainerId,
  viewIds,
  webviewIds,
} from '../../src/extension/ids.ts';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly enablement?: string }[];
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string }[] };
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon?: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when?: string }[];
    readonly menus: Readonly<
      Record<
        string,
        readonly {
          readonly command?: string;
          readonly submenu?: string;
          readonly when?: string;
          readonly group?: string;
        }[]
      >
    >;
    readonly submenus: readonly { readonly id: string }[];
    readonly resourceLabelFormatters: readonly { readonly scheme: string }[];
    readonly notebookRenderer: readonly { readonly id: string }[];
    readonly languageModelTools: readonly { readonly name: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
  };
}

const manifestText = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
const manifest = JSON.parse(manifestText) as Manifest;
const texts = JSON.parse(await readFile(new URL('../../package.nls.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;
const { contributes } = manifest;

const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();

describe('the manifest and the code share', () => {
  it('the same commands', () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual(Object.values(commandIds).sort());
  });

  it('the same views', () => {
    expect(contributes.viewsContainers.activitybar.map(({ id }) => id)).toEqual([viewContainerId]);
    expect(Object.keys(contributes.views)).toEqual([viewContainerId]);
    const views = contributes.views[viewContainerId] ?? [];
    expect(views.map(({ id }) => id).sort()).toEqual(Object.values(viewIds).sort());
    expect(views.every(({ icon }) => icon !== undefined)).toBe(true);
  });

  it('the same settings', () => {
    expect(Object.keys(contributes.configuration.properties).sort()).toEqual(Object.values(settingIds).sort());
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual([settingIds.interpreterPath]);
  });

  it('the same webviews', () => {
    const restored = manifest.activationEvents.filter((event) => event.startsWith('onWebviewPanel:'));
    expect(restored).toEqual(Object.values(webviewIds).map((id) => `onWebviewPanel:${id}`));
  });

  it('the same tools for agents, which take the same input', () => {
    expect(contributes.languageModelTools).toMatchObject(
      agentTools.map(({ name, description, input }) => {
        const { $schema: _, ...inputSchema } = toJsonSchema(input);
        return { name: languageModelToolId(name), modelDescription: description, inputSchema };
      }),
    );
  });

  it('the same renderers of notebooks', () => {
    expect(contributes.notebookRenderer.map(({ id }) => id)).toEqual(Object.values(rendererIds));
    const activating = manifest.activationEvents.filter((event) => event.startsWith('onRenderer:'));
    expect(activating).toEqual(Object.values(rendererIds).map((id) => `onRenderer:${id}`));
  });

  it('the same scheme of files', () => {
    expect(manifest.activationEvents).toContain(`onFileSystem:${runFileScheme}`);
    expect(contributes.resourceLabelFormatters.map(({ scheme }) => scheme)).toEqual([runFileScheme]);
  });

  it('the same context keys', () => {
    const conditions = [
      ...contributes.commands.map(({ enablement }) => enablement),
      ...contributes.viewsWelcome.map(({ when }) => when),
      ...Object.values(contributes.menus).flatMap((items) => items.map(({ when }) => when)),
    ].join(' ');
    const own = conditions.match(/runledger\.\w+/g) ?? [];
    const views = new Set<string>(Object.values(viewIds));
    expect(sorted(own.filter((name) => !views.has(name)))).toEqual(sorted(Object.values(contextKeys)));
  });

  it('the same tokens of rows', () => {
    const conditions = contributes.menus['view/item/context']?.map(({ when }) => when ?? '') ?? [];
    const used = conditions.flatMap((when) =>
      [...when.matchAll(/viewItem =~ \/\\b(\w+)\\b\//g)].map((match) => match[1] ?? ''),
    );
    expect(used).toHaveLength(conditions.length);
    const known = new Set<string>(Object.values(rowTokens));
    expect(used.filter((token) => !known.has(token))).toEqual([]);
  });
});

describe('the manifest', () => {
  it('takes every text from package.nls.json, and uses every text of it', () => {
    const used = [...manifestText.matchAll(/"%([^%"]+)%"/g)].map((match) => match[1] ?? '');
    expect(sorted(used)).toEqual(Object.keys(texts).sort());
  });

  it('names only commands that exist in its menus and welcome texts', () => {
    const known = new Set(Object.values<string>(commandIds));
    const items = Object.values(contributes.menus).flat();
    const inMenus = items.flatMap(({ command }) => (command === undefined ? [] : [command]));
    const inTexts = Object.values(texts).flatMap((text) =>
      [...text.matchAll(/\(command:(runledger\.\w+)/g)].map((match) => match[1] ?? ''),
    );
    expect([...inMenus, ...inTexts].filter((command) => !known.has(command))).toEqual([]);
  });

  it('has a menu for each submenu, and shows each', () => {
    const ids = contributes.submenus.map(({ id }) => id);
    const shown = Object.values(contributes.menus)
      .flat()
      .flatMap(({ submenu }) => (submenu === undefined ? [] : [submenu]));
    expect(sorted(shown)).toEqual(sorted(ids));
    expect(Object.keys(contributes.menus)).toEqual(expect.arrayContaining(ids));
  });

  it('puts at most three actions on a row', () => {
    const inline = contributes.menus['view/item/context']?.filter(({ group }) => group?.startsWith('inline')) ?? [];
    const counts = new Map<string, number>();
    for (const { when = '' } of inline) {
      const token = /viewItem =~ \/\\b(\w+)\\b\//.exec(when)?.[1] ?? when;
      // Every other token is one of runs.
      const row = ['workspace', 'experiment', 'model', 'modelVersion'].includes(token) ? token : 'run';
      counts.set(row, (counts.get(row) ?? 0) + 1);
    }
    expect(inline.length).toBeGreaterThan(0);
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(3);
  });

  it('turns off in Restricted Mode what runs or writes', () => {
    const acting = [
      'createWorkspace',
      'submit',
      'submitWithArguments',
      'submitFile',
      'debug',
      'resubmitRun',
      'cancelRun',
      'deleteRun',
      'restoreRun',
      'deleteModel',
      'emptyTrash',
      'restoreSnapshot',
      'registerModel',
      'registerModelFromFile',
      'editModelDescription',
      'editModelTags',
      'addModelProperty',
      'downloadModel',
      'restoreModel',
      'renameRun',
      'editRunTags',
      'starRun',
      'unstarRun',
      'newExperiment',
      'archiveExperiment',
      'reactivateExperiment',
      'export',
      'import',
      'installSdk',
    ];
    for (const name of acting) {
      const command = contributes.commands.find((item) => item.command === `runledger.${name}`);
      expect(command?.enablement, name).toContain('isWorkspaceTrusted');
    }
  });

  it('shows one welcome text at a time, whatever the state', () => {
    const experiments = contributes.viewsWelcome.filter(({ view }) => view === viewIds.experiments);
    for (const viewState of ['noFolder', 'noWorkspace', 'noRuns', 'runs']) {
      for (const isWorkspaceTrusted of [true, false]) {
        for (const hasOpenScript of [true, false]) {
          const shown = experiments.filter(({ when }) =>
            holds(when ?? '', { viewState, isWorkspaceTrusted, hasOpenScript }),
          );
          const state = `${viewState}, trusted ${isWorkspaceTrusted}, script ${hasOpenScript}`;
          expect(shown.length, state).toBe(viewState === 'runs' ? 0 : 1);
        }
      }
    }
  });
});

/** Evaluates a `when` clause of the form that the welcome texts use: conditions joined by `&&`. */
function holds(
  when: string,
  state: { viewState: string; isWorkspaceTrusted: boolean; hasOpenScript: boolean },
): boolean {
  return when.split(' && ').every((condition) => {
    const equals = /^runledger\.viewState == (\w+)$/.exec(condition);
    const matches = /^runledger\.viewState =~ \/(.+)\/$/.exec(condition);
    const flag = /^(!?)(isWorkspaceTrusted|runledger\.hasOpenScript)$/.exec(condition);
    if (equals !== null) {
      return state.viewState === equals[1];
    }
    if (matches !== null) {
      return new RegExp(matches[1] ?? '').test(state.viewState);
    }
    if (flag === null) {
      throw new Error(`This test does not understand the condition "${condition}".`);
    }
    const value = flag[2] === 'isWorkspaceTrusted' ? state.isWorkspaceTrusted : state.hasOpenScript;
    return flag[1] === '!' ? !value : value;
  });
}
