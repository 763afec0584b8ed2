/** The `runledger` command in the user's own folder: what finds it need not know where the editor keeps its extensions. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileError } from '../base/errors.ts';
import { readTextIfThere } from '../base/textFile.ts';
import { writeFileAtomically } from '../store/atomicFile.ts';
import { userDataFolder } from '../store/userData.ts';

/** What the launcher starts. Paths are absolute. */
export interface LaunchedCommand {
  /** A Node, or an Electron that can be one. */
  readonly node: string;
  /** The bundled command. */
  readonly program: string;
}

const executableMode = 0o755;

export function launcherPath(): string {
  return join(userDataFolder(), 'bin', 'runledger');
}

/**
 * Writes the launcher, unless it is as it should be. An update of the editor moves both Node and program, so this is to be
 * called at every start. On Windows there is none.
 *
 * @returns its path; undefined on Windows
 * @throws RunledgerError `not-writable`, `disk-full`
 */
export async function writeCommandLauncher(command: LaunchedCommand): Promise<string | undefined> {
  if (process.platform === 'win32') {
    return undefined;
  }
  const path = launcherPath();
  const script = launcherScript(command);
  try {
    if ((await readTextIfThere(path)) !== script) {
      await mkdir(dirname(path), { recursive: true });
      await writeFileAtomically(path, script, executableMode);
    }
  } catch (error) {
    throw fileError(error, 'write the command runledger', path);
  }
  return path;
}

function launcherScript({ node, program }: LaunchedCommand): string {
  return `#!/bin/sh
# Written by Runledger each time the editor starts; changes are lost.
program=${quoted(program)}
if [ ! -f "$program" ]; then
  echo "runledger: $program is gone. Open VS Code with the extension Runledger once, which writes this file anew." >&2
  exit 127
fi
for node in ${quoted(node)} node; do
  if ELECTRON_RUN_AS_NODE=1 "$node" -e 'require("node:sqlite")' >/dev/null 2>&1; then
    ELECTRON_RUN_AS_NODE=1 exec "$node" "$program" "$@"
  fi
done
echo "runledger: neither "${quoted(node)}" nor a node on the path is Node.js 24 or later. Install Node.js 24." >&2
exit 127
`;
}

/** A word of the shell that stands for `text` itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
