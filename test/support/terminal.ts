import { execFile } from 'node:child_process';
import { cliProgram } from './commandLine.ts';
import { onCleanup } from './temporaryStore.ts';

/** What a terminal showed, and what the program ended with. */
export interface TerminalResult {
  readonly code: number;
  readonly shown: string;
}

/** Node has no terminals of its own; Python, which the tests need anyway, does. */
const driver = `
import json, os, pty, sys
argv, steps = json.loads(sys.argv[1]), json.loads(sys.argv[2])
pid, terminal = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm"
    os.execvp(argv[0], argv)
shown = b""
seen = 0
while True:
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        break
    if not piece:
        break
    shown += piece
    while steps and steps[0][0].encode() in shown[seen:]:
        wanted, answer = steps.pop(0)
        seen = shown.index(wanted.encode(), seen) + len(wanted.encode())
        os.write(terminal, answer.encode())
_, status = os.waitpid(pid, 0)
print(json.dumps({"code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1, "shown": shown.decode("utf-8", "replace")}))
`;

/**
 * Runs a program on a terminal.
 *
 * @param steps what is typed, each once a text is shown after what was typed before
 */
export function onTerminal(
  cwd: string,
  command: readonly string[],
  steps: readonly (readonly [shown: string, typed: string])[] = [],
): Promise<TerminalResult> {
  return new Promise((done, fail) => {
    const args = ['-c', driver, JSON.stringify(command), JSON.stringify(steps)];
    const child = execFile('python3', args, { cwd, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error !== null) {
        fail(new Error(stderr, { cause: error }));
      } else {
        done(JSON.parse(stdout) as TerminalResult);
      }
    });
    // A program that waits for what is never typed goes away with its terminal.
    onCleanup(() => {
      child.kill('SIGKILL');
    });
  });
}

/** Runs the command line on a terminal. */
export function cliOnTerminal(
  cwd: string,
  args: readonly string[],
  steps: readonly (readonly [shown: string, typed: string])[] = [],
): Promise<TerminalResult> {
  return onTerminal(cwd, [process.execPath, cliProgram, ...args], steps);
}
