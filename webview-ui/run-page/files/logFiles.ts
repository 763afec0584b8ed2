import type { FileModel } from '../../../src/protocol/runPage.ts';

const LOG = /^(?:.*\/)?logs\/.*\.(?:txt|log|out|err)$/i;

/** Files that are read here and followed while they grow; all others open in the editor. */
export function isLog(path: string): boolean {
  return LOG.test(path);
}

/** The log that a reader wants first: the script's own output. */
export function mainLog(files: readonly FileModel[]): string | undefined {
  const logs = files.map(({ path }) => path).filter(isLog);
  return (
    logs.find((path) => /(?:^|\/)std_log\.txt$/.test(path)) ??
    logs.find((path) => /std|user|driver/.test(path)) ??
    logs[0]
  );
}
