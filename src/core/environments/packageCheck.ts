import { RunledgerError } from '../base/errors.ts';
import { answerAfter } from '../interpreters/interpreterProcess.ts';
import type { EnvironmentPlace } from './environmentPlace.ts';
import { packageCheckMarker, packageCheckProgram } from './packageCheckProgram.ts';

/**
 * Asks an interpreter which lines of a requirements file it does not satisfy. A line that names a path or an address is
 * never taken for satisfied.
 *
 * @throws RunledgerError `environment-failed` where the interpreter does not answer; `canceled`
 */
export async function missingPackages(
  interpreter: string,
  lines: readonly string[],
  place: EnvironmentPlace,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  if (lines.length === 0) {
    return [];
  }
  const args = ['-W', 'ignore', '-c', packageCheckProgram, JSON.stringify(lines)];
  const { stdout, stderr, problem } = await place.run(interpreter, args, signal);
  const answer = answerAfter(packageCheckMarker, stdout);
  if (!Array.isArray(answer)) {
    const said = problem ?? stderr.trim().split('\n').at(-1) ?? '';
    throw new RunledgerError('environment-failed', `${interpreter} did not tell which packages it has: ${said}`, {
      advice: 'Check the interpreter, or choose another one.',
    });
  }
  return lines.filter((line) => answer.includes(line));
}
