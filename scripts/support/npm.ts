import process from 'node:process';

/** The command line that runs npm with the Node that runs this, and not with the machine's own. */
export function npmCommand(): { command: string; args: string[] } {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js') ? { command: process.execPath, args: [script] } : { command: 'npm', args: [] };
}

/** Removes what an outer `npm run` says about this repository, so that an npm inside of it looks at its own folder. */
export function withoutOuterNpm(): Record<string, undefined> {
  const own =
    /^(npm_package_|npm_lifecycle_|npm_command$|npm_config_(local_prefix|global_prefix|user_agent)$|INIT_CWD$)/;
  const names = Object.keys(process.env).filter((name) => own.test(name));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
