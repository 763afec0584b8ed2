/** A script that tells when its first line ran, in a project with a workspace of its own. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { createWorkspace } from '../../src/core/store/workspaces.ts';
import { submitRun } from '../../src/core/submission/submitRun.ts';
import { rootFolder } from '../support/paths.ts';

const longestMs = 60_000;

/** With a second argument it waits until it is ended. */
const script = `import sys, time
began = time.time()
open(sys.argv[1], "w").write(repr(began))
while len(sys.argv) > 2:
    time.sleep(1)
`;

/** Makes a project whose `train.py` is the script. */
export async function timedProject(folder: string): Promise<string> {
  const source = path.join(folder, 'project');
  await mkdir(source, { recursive: true });
  await writeFile(path.join(source, 'train.py'), script);
  await createWorkspace({ folder: source, name: 'bench' });
  return source;
}

/** Submits the script of a project, and returns the id of the run. */
export async function submitTimed(
  source: string,
  python: string,
  args: readonly string[],
  runConfiguration = 'local',
): Promise<string> {
  const { runId } = await submitRun(
    {
      workspaceFolder: source,
      experiment: 'bench',
      scriptPath: path.join(source, 'train.py'),
      sourceDirectory: source,
      arguments: args,
      runConfiguration,
      interpreterCandidates: [python],
    },
    {
      pythonSdkFolder: path.join(rootFolder, 'python'),
      cliCommand: [process.execPath, path.join(rootFolder, 'src', 'cli', 'main.ts')],
    },
  );
  return runId;
}

/** Milliseconds from a start until the script has written, to the file that it is given, the time in seconds when its first line ran. */
export async function untilFirstLine(
  source: string,
  name: string,
  start: (mark: string) => Promise<void>,
): Promise<number> {
  // Outside of the project: another host would not have what is in it.
  const mark = path.join(path.dirname(source), name);
  await rm(mark, { force: true });
  const started = Date.now();
  await start(mark);
  while (Date.now() - started < longestMs) {
    const began = Number(await readFile(mark, 'utf8').catch(() => ''));
    if (began > 0) {
      return began * 1000 - started;
    }
    await delay(5);
  }
  throw new Error(`The ${name} script did not begin within ${longestMs / 1000} s.`);
}
