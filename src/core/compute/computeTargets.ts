import { RunledgerError } from '../base/errors.ts';
import type { ComputeTarget } from './computeTarget.ts';
import { localTarget } from './localTarget.ts';

const targets: readonly ComputeTarget[] = [localTarget];

/** @throws RunledgerError `unsupported-target` */
export function findComputeTarget(name: string): ComputeTarget {
  const target = targets.find((candidate) => candidate.name === name);
  if (target === undefined) {
    throw new RunledgerError('unsupported-target', `There is no compute target "${name}".`, {
      advice: `There is: ${targets.map((candidate) => candidate.name).join(', ')}.`,
    });
  }
  return target;
}
