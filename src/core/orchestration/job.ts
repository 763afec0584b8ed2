/** What a trial or a step runs: a submission that is not complete yet. */
import { resolve } from 'node:path';
import * as v from 'valibot';
import type { RunConfiguration } from '../run-configurations/runConfiguration.ts';
import { shellCommand } from '../run-configurations/runConfigurationFile.ts';
import { isJsonObject } from '../store/jsonFile.ts';
import type { SubmitRequest } from '../submission/submission.ts';
import { resolveTemplate, type Template, type TemplateScope, templateSchema } from './template.ts';

/** Run configurations travel as core has read them. */
const runConfigurationSchema = v.custom<RunConfiguration>(
  (value) => isJsonObject(value) && typeof value.name === 'string' && typeof value.target === 'string',
  'must be a run configuration',
);

export const jobSchema = v.object({
  /** Absolute. */
  sourceDirectory: v.string(),
  /** Relative to the source folder, with `/`. Either this or `command`. */
  script: v.optional(v.string()),
  /** A program and its arguments, or a line for the shell. */
  command: v.optional(v.union([v.array(templateSchema), templateSchema])),
  arguments: v.optional(v.array(templateSchema), []),
  runConfiguration: runConfigurationSchema,
  interpreterCandidates: v.optional(v.array(v.string()), []),
  environmentVariables: v.optional(v.record(v.string(), templateSchema), {}),
});

export type Job = v.InferOutput<typeof jobSchema>;

/** Whether the templates are a program with its arguments, and not one line for the shell. */
function isCommandList(command: Template | readonly Template[]): command is readonly Template[] {
  return Array.isArray(command);
}

/** The job with arguments added at the end: of the script, or of the command. */
export function withArguments(job: Job, added: readonly string[]): Job {
  const command = job.command ?? (job.script === undefined ? job.runConfiguration.command : undefined);
  if (command === undefined) {
    const given = job.arguments.length > 0 ? job.arguments : job.runConfiguration.arguments;
    return { ...job, arguments: [...given, ...added] };
  }
  return {
    ...job,
    command: isCommandList(command) ? [...command, ...added] : { parts: [command, ...added.map((text) => ` ${text}`)] },
  };
}

/** Every template of a job. */
export function templatesOf(job: Job): readonly Template[] {
  const command = job.command === undefined ? [] : isCommandList(job.command) ? job.command : [job.command];
  return [...command, ...job.arguments, ...Object.values(job.environmentVariables)];
}

/** The request to submit a job, without what tells one run of it from another. */
export function submitRequestOf(
  job: Job,
  scope: TemplateScope,
): Omit<SubmitRequest, 'workspaceFolder' | 'experiment' | 'parentId' | 'runId'> {
  const text = (template: Template): string => resolveTemplate(template, scope);
  const { command, script } = job;
  const variables = Object.entries(job.environmentVariables).map(([name, value]) => [name, text(value)] as const);
  return {
    sourceDirectory: job.sourceDirectory,
    ...(script !== undefined && { scriptPath: resolve(job.sourceDirectory, script) }),
    ...(command !== undefined && {
      command: isCommandList(command) ? command.map(text) : shellCommand(text(command)),
    }),
    // Where none are given, those of the run configuration: a caller adds to them.
    arguments: job.arguments.length > 0 ? job.arguments.map(text) : job.runConfiguration.arguments,
    runConfiguration: job.runConfiguration,
    interpreterCandidates: job.interpreterCandidates,
    environmentVariables: Object.fromEntries(variables),
  };
}
