import type { RunIdentityModel } from '../../../src/protocol/runPage.ts';
import { quoteArguments } from './quoteArguments.ts';

/**
 * The command that submits the run again from a terminal, as a shell takes it. Undefined for what was not submitted as a
 * script: a sweep or a pipeline is submitted from its file, which a run does not know.
 */
export function cliCommand(identity: RunIdentityModel): string | undefined {
  const { script, sourceDirectory, canResubmit, experiment, type } = identity;
  if (
    script === undefined ||
    sourceDirectory === undefined ||
    !canResubmit ||
    type === 'Sweep' ||
    type === 'Pipeline'
  ) {
    return undefined;
  }
  const configuration = identity.runConfiguration ?? (identity.inPlace ? 'local (in place)' : 'local');
  return `runledger run submit-script ${quoteArguments([
    ...['-c', configuration],
    ...['-e', experiment],
    ...['--path', sourceDirectory],
    script,
    ...identity.arguments,
  ])}`;
}
