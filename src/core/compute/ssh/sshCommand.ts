/** The command line of the system's OpenSSH, by which the user's configuration, agent, keys and known hosts hold. */
import { execFile } from 'node:child_process';
import { mkdir, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expandHome } from '../../base/homePath.ts';
import type { SshSettings } from '../targetSettings.ts';

const run = promisify(execFile);

/** A host that a compute target names. */
export interface SshHost {
  /** Of the compute target. */
  readonly targetName: string;
  readonly settings: SshSettings;
}

/** How long a connection that nobody uses is kept for the next command. */
const keptSeconds = 120;
/** A socket's path has at most 104 characters everywhere: these leave room for the name that ssh gives it. */
const longestFolder = 45;

/** Arguments of `ssh` before the command that is to run there. */
export async function sshArguments(host: SshHost): Promise<readonly string[]> {
  const base = addressArguments(host);
  return [
    ...['-T', '-o', 'BatchMode=yes', '-o', 'LogLevel=ERROR', '-o', 'ConnectTimeout=15'],
    // A connection that is gone is noticed within half a minute.
    ...['-o', 'ServerAliveInterval=10', '-o', 'ServerAliveCountMax=3'],
    // What the user's configuration does for a terminal.
    ...['-o', 'ClearAllForwardings=yes', '-o', 'RemoteCommand=none', '-o', 'PermitLocalCommand=no'],
    ...(await sharingArguments(base)),
    ...base,
  ];
}

function addressArguments({ settings }: SshHost): readonly string[] {
  const { host, port, identityFile, configFile } = settings;
  return [
    ...(configFile === undefined ? [] : ['-F', expandHome(configFile)]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(identityFile === undefined ? [] : ['-i', expandHome(identityFile)]),
    '--',
    host,
  ];
}

/**
 * One connection for all commands, where the platform can share it. Where the user's configuration shares connections, theirs is taken:
 * it may be one that was opened by hand, with a second factor.
 */
async function sharingArguments(address: readonly string[]): Promise<readonly string[]> {
  if (process.platform === 'win32') {
    return [];
  }
  const configured = await run('ssh', ['-G', ...address]).then(
    ({ stdout }) => /^controlpath (.*)$/m.exec(stdout)?.[1]?.trim(),
    // The connection itself will say what is wrong.
    () => undefined,
  );
  if (configured !== undefined && configured !== 'none') {
    return [];
  }
  const folder = await socketFolder();
  return folder === undefined
    ? []
    : ['-o', 'ControlMaster=auto', '-o', `ControlPath=${folder}/%C`, '-o', `ControlPersist=${keptSeconds}`];
}

/** A folder that nobody else can put a socket into; undefined where none is to be had. */
async function socketFolder(): Promise<string | undefined> {
  const { uid } = userInfo();
  for (const place of [process.env.XDG_RUNTIME_DIR, '/tmp']) {
    const folder = join(place ?? '', `runledger-ssh-${uid}`);
    if (place && folder.length <= longestFolder) {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const found = await stat(folder);
        if (found.uid === uid && (found.mode & 0o077) === 0) {
          return folder;
        }
      } catch {
        // The next one, or a connection for each command.
      }
    }
  }
  return undefined;
}

/** A word for the shell there, which may be any. A leading `~/` is left to it. */
export function quoted(word: string): string {
  const [tilde, rest] = word.startsWith('~/') ? ['~/', word.slice(2)] : ['', word];
  return /^[\w@%+=:,./-]+$/.test(rest) ? tilde + rest : `${tilde}'${rest.replaceAll("'", `'\\''`)}'`;
}
