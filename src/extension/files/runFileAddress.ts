/**
 * Addresses of the files of runs: `runledger-run://<workspace>/<run id>/artifacts/outputs/model.json` for what a run wrote, and
 * `…/<run id>/snapshot/train.py` for the code that it ran. The authority is the workspace's folder in hexadecimal: editors keep
 * these addresses over restarts and write an authority in lower case, and a copied workspace has the id of the first.
 *
 * A side of a diff is shown by the path of the other side, and then has its own in the query: editors take files for renamed whose paths
 * differ.
 */

export const runFileScheme = 'runledger-run';

/** The parts of a run that have files. */
export const runFileParts = ['artifacts', 'snapshot'] as const;
export type RunFilePart = (typeof runFileParts)[number];

/** What an address leads to; without a part, the folder of the run that holds both. */
export interface RunFileAddress {
  readonly workspaceFolder: string;
  readonly runId: string;
  readonly part: RunFilePart | undefined;
  /** Relative to the part's folder, with `/`; empty for that folder itself. */
  readonly path: string;
}

/** The authority and the path of an address, and its query where it is shown by another path. */
export interface AddressText {
  readonly authority: string;
  readonly path: string;
  readonly query?: string;
}

export function formatRunFileAddress({ workspaceFolder, runId, part, path }: RunFileAddress): AddressText {
  const parts = [runId, ...(part === undefined ? [] : [part]), ...(path === '' ? [] : [path])];
  return { authority: Buffer.from(workspaceFolder, 'utf8').toString('hex'), path: `/${parts.join('/')}` };
}

/** Undefined for what is no address of a run. */
export function parseRunFileAddress({ authority, path, query }: AddressText): RunFileAddress | undefined {
  const [, runId, part, ...rest] = (query || path).replace(/\/+$/, '').split('/');
  const isHex = /^(?:[0-9a-f]{2})+$/i.test(authority);
  const known = runFileParts.find((candidate) => candidate === part);
  if (!isHex || runId === undefined || runId === '' || (part !== undefined && known === undefined)) {
    return undefined;
  }
  const workspaceFolder = Buffer.from(authority, 'hex').toString('utf8');
  return { workspaceFolder, runId, part: known, path: rest.join('/') };
}
