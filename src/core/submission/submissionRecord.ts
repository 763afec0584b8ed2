import { hiddenValue, withoutSecrets } from '../base/secretValues.ts';
import type { SubmissionPlan } from './submissionPlan.ts';

/** What run.json keeps of a submission. */
export function submissionRecord(plan: SubmissionPlan): object {
  const { configuration } = plan;
  return {
    script: plan.script ?? null,
    command: plan.command ?? null,
    arguments: plan.arguments,
    sourceDirectory: plan.sourceDirectory,
    inPlace: configuration.isInPlace,
    target: plan.target.name,
    runConfiguration: configuration.name,
    interpreter: plan.prepared.interpreter || null,
    image: plan.prepared.container?.image ?? null,
    environment: configuration.environment ?? null,
    environmentVariables: {
      ...withoutSecrets(plan.environmentVariables),
      ...Object.fromEntries(plan.hiddenVariables.map((name) => [name, hiddenValue])),
    },
    maxRunDurationSeconds: configuration.maxRunDurationSeconds ?? null,
  };
}
