/** What an orchestrator is to do: a sweep over hyperparameters, or a pipeline of steps. */
import { basename, join } from 'node:path';
import * as v from 'valibot';
import { RunledgerError } from '../base/errors.ts';
import { toJsonText, writeFileAtomically } from '../store/atomicFile.ts';
import { readStoreFile } from '../store/jsonFile.ts';
import { supportedFormat } from '../store/storeLayout.ts';
import type { Job } from './job.ts';
import { type PipelineDefinition, pipelineSchema } from './pipeline/pipelineDefinition.ts';
import { graphOf } from './pipeline/pipelineGraph.ts';
import { keepSecrets, keptSecrets, separateSecrets, withSecrets } from './separateSecrets.ts';
import { type SweepDefinition, sweepSchema } from './sweep/sweepDefinition.ts';

export type OrchestrationDefinition = SweepDefinition | PipelineDefinition;

/** The code of a source folder, taken when the orchestration was submitted. */
export interface StoredSnapshot {
  readonly hash: string;
  readonly files: number;
  readonly bytes: number;
}

/** The code of each source folder, by the folder. */
export type Snapshots = Readonly<Record<string, StoredSnapshot>>;

/** What is kept in `orchestration.json` of the run. */
export interface StoredOrchestration {
  readonly definition: OrchestrationDefinition;
  readonly snapshots: Snapshots;
  /** The command line that starts `runledger`, for scripts that submit runs themselves. */
  readonly cliCommand: readonly string[];
}

const definitionSchema = v.variant('kind', [sweepSchema, pipelineSchema]);

export const snapshotsSchema = v.record(
  v.string(),
  v.object({ hash: v.string(), files: v.number(), bytes: v.number() }),
);

const storedSchema = v.object({
  definition: definitionSchema,
  snapshots: snapshotsSchema,
  cliCommand: v.array(v.string()),
});

/** @throws RunledgerError `invalid-argument` naming the field */
export function parseDefinition(value: unknown): OrchestrationDefinition {
  const definition = parsed(definitionSchema, value);
  if (definition.kind === 'pipeline') {
    graphOf(definition);
  }
  return definition;
}

export function jobsOf(definition: OrchestrationDefinition): readonly Job[] {
  return definition.kind === 'sweep' ? [definition.job] : definition.steps.map(({ job }) => job);
}

export function orchestrationFile(runFolder: string): string {
  return join(runFolder, 'orchestration.json');
}

export async function writeOrchestration(runFolder: string, stored: StoredOrchestration): Promise<void> {
  const { open, secrets } = separateSecrets(stored);
  await keepSecrets(basename(runFolder), secrets);
  await writeFileAtomically(orchestrationFile(runFolder), toJsonText({ format: supportedFormat, ...open }));
}

/**
 * With the values of secrets while the orchestration goes on; later they read as hidden.
 *
 * @throws RunledgerError `not-found`, `unreadable`, `newer-format`
 */
export async function readOrchestration(runFolder: string): Promise<StoredOrchestration> {
  const path = orchestrationFile(runFolder);
  const record = await readStoreFile(path, 'the orchestration');
  const secrets = await keptSecrets(basename(runFolder));
  try {
    return withSecrets(parsed(storedSchema, record), secrets);
  } catch (error) {
    throw new RunledgerError('unreadable', `Cannot read the orchestration ${path}.`, { cause: error });
  }
}

function parsed<TSchema extends v.GenericSchema>(schema: TSchema, value: unknown): v.InferOutput<TSchema> {
  const result = v.safeParse(schema, value);
  if (result.success) {
    return result.output;
  }
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw new RunledgerError('invalid-argument', `${path === null ? '' : `${path}: `}${issue.message}.`);
}
