/** Jobs of Azure ML's later command line. Azure knows more of them than is known here: unknown keys are told only where one is near. */

import { dirname } from 'node:path';
import * as v from 'valibot';
import { definitionProblems } from '../../core/base/definitionFile.ts';
import { commandJobSettings } from '../../core/jobs/commandJob.ts';
import { ignoredKeys } from '../../core/jobs/ignoredKeys.ts';
import { commandJobSchema, pipelineJobSchema, sweepJobSchema } from '../../core/jobs/jobSchemas.ts';
import { pipelineJobOf, pipelineJobSettings } from '../../core/jobs/pipelineJob.ts';
import { sweepJobOf, sweepJobSettings } from '../../core/jobs/sweepJob.ts';
import { parseYaml } from '../documents/yamlText.ts';
import { type Definition, notHere, type Problem } from './definition.ts';

const submitTitle = 'Submit this job on this machine';
const job = { knowsAllKeys: false, templates: [] } as const;

export const commandJobDefinition: Definition = {
  ...job,
  title: 'command job',
  schema: commandJobSchema,
  submitTitle,
  isCommandJob: true,
  problems: (text) =>
    definitionProblems(commandJobSettings, text).map(({ message, ...span }) => ({ ...span, message: `${message}.` })),
  ignored,
};

/**
 * Only whether it is YAML. Texts in quotes that go on further to the left are none by the standard, and are taken by Azure's tools: of quotes
 * nothing is said.
 */
function mistakesIn(text: string): readonly Problem[] {
  return definitionProblems(v.looseObject({}), text)
    .filter(({ message }) => !message.startsWith('Missing closing'))
    .map(({ message, ...span }) => ({ ...span, message: `${message}.` }));
}

export const sweepJobDefinition: Definition = {
  ...job,
  title: 'sweep job',
  schema: sweepJobSchema,
  submitTitle,
  problems: mistakesIn,
  refusals: (text, path, dataSets) =>
    definitionProblems(sweepJobSettings, text, (file) =>
      sweepJobOf(file, { ...nowhere, folder: dirname(path), dataSets }),
    ).map(notHere),
  ignored,
};

export const pipelineJobDefinition: Definition = {
  ...job,
  title: 'pipeline job',
  schema: pipelineJobSchema,
  submitTitle,
  problems: mistakesIn,
  refusals: (text, path, dataSets) =>
    definitionProblems(pipelineJobSettings, text, (file) =>
      pipelineJobOf(file, { ...nowhere, folder: dirname(path), dataSets }),
    ).map(notHere),
  ignored,
};

/** What matters for paths alone, and components that nobody has read: their steps are not looked at. */
const nowhere = { components: undefined, workspaceFolder: '', parameters: {} } as const;

function ignored(text: string) {
  return ignoredKeys(parseYaml(text).document.toJS());
}
