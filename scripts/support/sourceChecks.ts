import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { captureCommand, runCommand } from './childProcess.ts';
import { packageFile, rootFolder } from './paths.ts';

/** One TypeScript project each: what a zone may use is what its own tsconfig.json lets it see. */
const zones = [
  'src/protocol',
  'src/core',
  'src/cli',
  'src/language-server',
  'src/extension',
  'webview-ui',
  'scripts',
  'test',
  'test/webview',
  'test/in-editor',
  'test/e2e',
] as const;

export interface CheckResult {
  readonly name: string;
  readonly isPassed: boolean;
}

/** Type-checks every zone, as many at a time as there are processors, and prints what is wrong with those that fail. */
export async function checkTypes(): Promise<readonly CheckResult[]> {
  const waiting: string[] = [...zones];
  const results: CheckResult[] = [];
  const work = async (): Promise<void> => {
    for (let zone = waiting.shift(); zone !== undefined; zone = waiting.shift()) {
      results.push(await checkZone(zone));
    }
  };
  await Promise.all(Array.from({ length: Math.min(os.availableParallelism(), 4) }, work));
  return results;
}

async function checkZone(zone: string): Promise<CheckResult> {
  const name = `types of ${zone}`;
  if (!existsSync(path.join(rootFolder, zone, 'tsconfig.json'))) {
    console.log(`✗ ${name}: ${zone}/tsconfig.json is missing.`);
    return { name, isPassed: false };
  }
  const args = [packageFile('typescript', 'bin', 'tsc'), '--project', zone, '--pretty', 'false'];
  const { exitCode, stdout, stderr } = await captureCommand(process.execPath, args, { cwd: rootFolder });
  console.log(exitCode === 0 ? `✓ ${name}` : `✗ ${name}\n${stdout}${stderr}`.trimEnd());
  return { name, isPassed: exitCode === 0 };
}

/** Lints the repository and checks its format. */
export async function checkStyle(): Promise<CheckResult> {
  const name = 'lint and format';
  const colors = process.stdout.isTTY ? 'force' : 'off';
  const args = [biomeFile(), 'ci', '--max-diagnostics=200', `--colors=${colors}`];
  const exitCode = await runCommand(process.execPath, args, { cwd: rootFolder });
  console.log(`${exitCode === 0 ? '✓' : '✗'} ${name}`);
  return { name, isPassed: exitCode === 0 };
}

export function biomeFile(): string {
  return packageFile('@biomejs', 'biome', 'bin', 'biome');
}
