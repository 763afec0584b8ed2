import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { buildProduct } from './bundles.ts';
import { captureCommand } from './childProcess.ts';
import { packageFile, rootFolder } from './paths.ts';
import { TaskError } from './taskError.ts';

/** Where the package of the version in package.json is, or is going to be. */
export async function packageFileOfThisVersion(): Promise<string> {
  const manifest = JSON.parse(await readFile(path.join(rootFolder, 'package.json'), 'utf8')) as { version: string };
  return path.join(rootFolder, `runledger-${manifest.version}.vsix`);
}

/** Builds dist/ for shipping and packs it. */
export async function buildPackage(): Promise<string> {
  await buildProduct('package');
  const file = await packageFileOfThisVersion();
  const args = [
    packageFile('@vscode', 'vsce', 'vsce'),
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
  ];
  const result = await captureCommand(process.execPath, [...args, '--out', file], { cwd: rootFolder });
  if (result.exitCode !== 0 || !existsSync(file)) {
    throw new TaskError(`vsce could not pack the extension:\n${result.stdout}${result.stderr}`);
  }
  return file;
}
