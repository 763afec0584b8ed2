/** How pip is called, and what is taken from what it prints. */
import type { StepTool } from './buildSession.ts';

/** pip's own switches for output that is kept in a file, and for a run that nobody can answer. */
export const pipSwitches = [
  '--disable-pip-version-check',
  '--no-input',
  '--no-color',
  '--progress-bar',
  'off',
] as const;

const quotedLines = 3;
const unreachable =
  /NewConnectionError|NameResolutionError|name resolution|Name or service not known|getaddrinfo|ConnectTimeout|Network is unreachable|ProxyError/i;

/**
 * The variables that pip is started with: this process's, without what belongs to the editor, and without what would have
 * packages looked for or put elsewhere than in the interpreter's own folders.
 */
export function pipEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const dropped =
    /^(ELECTRON_RUN_AS_NODE|VSCODE_.*|PYTHONPATH|PYTHONHOME|VIRTUAL_ENV|PIP_(TARGET|PREFIX|ROOT|USER|REQUIRE_VIRTUALENV))$/i;
  const kept = Object.entries(environment).filter(([name]) => !dropped.test(name));
  return { ...Object.fromEntries(kept), PYTHONNOUSERSITE: '1', PYTHONIOENCODING: 'utf-8', PYTHONUNBUFFERED: '1' };
}

/** What pip says last: its errors where there are some. */
export function pipLastWords(output: string): string {
  const lines = output
    .split(/\r?\n/)
    .map((line) => line.trim().replace(/\(from versions: ([^,)]+),.*, ([^,)]+)\)/, '(from versions: $1, …, $2)'))
    .filter((line) => line !== '' && !/^(\[notice\]|WARNING:|DEPRECATION:)/.test(line));
  const errors = lines.filter((line) => /^(ERROR|error):/.test(line));
  return (errors.length > 0 ? errors : lines).slice(-quotedLines).join('\n');
}

/** Whether pip failed for want of a network. */
export function isOffline(output: string): boolean {
  return unreachable.test(output);
}

/** A line that is worth showing while pip works; undefined for the others. */
export function pipStep(line: string): string | undefined {
  return /^\s*((?:Collecting|Downloading|Building|Installing|Processing|Preparing)\b[^(]*)/.exec(line)?.[1]?.trim();
}

export const pipTool: StepTool = { stepOf: pipStep, lastWords: pipLastWords, isOffline };
