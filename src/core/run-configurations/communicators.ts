/** How several processes of one run find each other, as run configurations name it. */
export type ProcessKind = 'pytorch' | 'mpi' | 'tensorflow';

/** As they are written; they are compared whatever their case. */
export const communicatorNames = ['None', 'Nccl', 'Gloo', 'OpenMpi', 'IntelMpi', 'Mpi', 'ParameterServer'] as const;

const kinds: Readonly<Record<(typeof communicatorNames)[number], ProcessKind | undefined>> = {
  None: undefined,
  Nccl: 'pytorch',
  Gloo: 'pytorch',
  OpenMpi: 'mpi',
  IntelMpi: 'mpi',
  Mpi: 'mpi',
  ParameterServer: 'tensorflow',
};

/** Undefined where the script is one process, or the name means nothing. */
export function processKindOf(communicator: string): ProcessKind | undefined {
  const name = communicatorNames.find((known) => known.toLowerCase() === communicator.toLowerCase());
  return name && kinds[name];
}
