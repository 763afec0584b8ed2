/** What the system's `ssh` says where it does not get to a host, as something that a person can act on. */
import { RunledgerError } from '../../base/errors.ts';
import type { SshHost } from './sshCommand.ts';

interface Explanation {
  readonly pattern: RegExp;
  /** Completes "The host … cannot be reached:". */
  readonly problem: (match: RegExpExecArray) => string;
  readonly advice: (host: string) => string;
}

const explanations: readonly Explanation[] = [
  {
    pattern: /Could not resolve hostname ([^:\s]+)/i,
    problem: ([, name]) => `nothing is known by the name ${name}`,
    advice: () => 'Check "host" in the file of the compute target, and Host in ~/.ssh/config.',
  },
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    problem: () => 'its host key has changed since it was last connected to',
    advice: (host) =>
      `Make sure with its administrator that this is the right machine; then remove the old key with "ssh-keygen -R", and connect once with "ssh ${host}".`,
  },
  {
    pattern: /Host key verification failed|No \S+ host key is known/,
    problem: () => 'its host key is not known yet',
    advice: (host) => `Connect once by hand, with "ssh ${host}", and accept the key.`,
  },
  {
    pattern: /Permission denied(?: \(([^)]*)\))?/,
    problem: ([, methods]) =>
      `it refused to let you in${methods ? ` (it takes ${methods.split(',').join(', ')})` : ''}`,
    advice: (host) =>
      `"ssh -o BatchMode=yes ${host} true" has to work without a question: load the key into the agent (ssh-add), or name it as identityFile.`,
  },
  {
    pattern: /Too many authentication failures/,
    problem: () => 'it refused the keys that were offered',
    advice: () => 'Name the right one as identityFile in the file of the compute target.',
  },
  {
    pattern: /Connection refused/,
    problem: () => 'nothing listens there',
    advice: () =>
      'Check that the machine is up, that its SSH server runs, and "port" in the file of the compute target.',
  },
  {
    pattern: /timed out|No route to host|Network is unreachable|Host is down/i,
    problem: () => 'it does not answer',
    advice: () => 'Check the network (a VPN?), and that the machine is up.',
  },
  {
    pattern: /Identity file (\S+) not accessible|no such identity: ([^:\s]+)/i,
    problem: (match) => `there is no key ${match[1] ?? match[2]}`,
    advice: () => 'Correct identityFile in the file of the compute target.',
  },
  {
    pattern: /Can't open user config file ([^:\s]+)|(Bad configuration option[^\n]*)/i,
    problem: (match) => (match[1] === undefined ? (match[2] ?? '').trim() : `there is no file ${match[1]}`),
    advice: () => 'Correct configFile in the file of the compute target, or the file itself.',
  },
  {
    pattern: /Connection (?:closed|reset)|kex_exchange_identification|Broken pipe|not responding/i,
    problem: () => 'the connection was cut',
    advice: () => 'Try again; where it stays so, look at the log of its SSH server.',
  },
];

/** @param said the standard error of `ssh`, which ended with 255 */
export function connectionError(host: SshHost, said: string): RunledgerError {
  const found = explanations.find(({ pattern }) => pattern.test(said));
  const match = found?.pattern.exec(said);
  const lastLine = said.trim().split('\n').at(-1)?.trim().replace(/\.$/, '') ?? '';
  const problem = found && match ? found.problem(match) : lastLine === '' ? 'ssh ended without saying why' : lastLine;
  const { host: address } = host.settings;
  return new RunledgerError('host-unreachable', `${address} cannot be reached: ${problem}.`, {
    advice: found?.advice(address) ?? `Try "ssh ${address}" in a terminal.`,
  });
}
