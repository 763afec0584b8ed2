/** The processes that a run configuration asks for: `communicator`, `nodeCount` and the section of the framework. */
import type { ConfigurationDocument } from './configurationDocument.ts';

/** A script that is started as several processes. On this machine those of all nodes run side by side. */
export interface Distribution {
  readonly kind: 'pytorch' | 'mpi' | 'tensorflow';
  /** In total; of TensorFlow its workers. */
  readonly processes: number;
  /** Of TensorFlow, beside the workers. */
  readonly parameterServers: number;
}

const kinds: Readonly<Record<string, Distribution['kind']>> = {
  nccl: 'pytorch',
  gloo: 'pytorch',
  openmpi: 'mpi',
  intelmpi: 'mpi',
  mpi: 'mpi',
  parameterserver: 'tensorflow',
};

/** Settings that count processes, for each kind of job. Those of another kind than the communicator's have no effect. */
const counts: readonly (readonly [Distribution['kind'], readonly string[]])[] = [
  ['mpi', ['mpi', 'processCountPerNode']],
  ['pytorch', ['pytorch', 'processCount']],
  ['tensorflow', ['tensorflow', 'workerCount']],
];

/**
 * @returns undefined where the script is one process
 * @throws RunledgerError `invalid-run-configuration` with line and column, for a count that is none
 */
export function readDistribution(document: ConfigurationDocument): Distribution | undefined {
  const kind = kinds[communicatorOf(document)];
  const nodes = document.integer(['nodeCount'], 1) ?? 1;
  const distribution = kind === undefined ? undefined : distributionOf(document, kind, nodes);
  return distribution === undefined || distribution.processes + distribution.parameterServers <= 1
    ? undefined
    : distribution;
}

/** Settings that ask for more processes than are started, by their paths. */
export function ignoredCounts(document: ConfigurationDocument): readonly (readonly string[])[] {
  const communicator = communicatorOf(document);
  const kind = kinds[communicator];
  const isMany = (path: readonly string[]): boolean => (document.integer([...path], 0) ?? 1) > 1;
  const ignored = counts.filter(([counted, path]) => counted !== kind && isMany(path)).map(([, path]) => path);
  return [
    ...(kind === undefined && isMany(['nodeCount']) ? [['nodeCount']] : []),
    ...ignored,
    ...(kind === undefined && !['', 'none'].includes(communicator) ? [['communicator']] : []),
  ];
}

function distributionOf(document: ConfigurationDocument, kind: Distribution['kind'], nodes: number): Distribution {
  switch (kind) {
    case 'pytorch':
      return { kind, processes: document.integer(['pytorch', 'processCount'], 1) ?? nodes, parameterServers: 0 };
    case 'mpi':
      return {
        kind,
        processes: nodes * (document.integer(['mpi', 'processCountPerNode'], 1) ?? 1),
        parameterServers: 0,
      };
    case 'tensorflow':
      return {
        kind,
        processes: document.integer(['tensorflow', 'workerCount'], 1) ?? 1,
        parameterServers: document.integer(['tensorflow', 'parameterServerCount'], 0) ?? 0,
      };
    default:
      return kind satisfies never;
  }
}

function communicatorOf(document: ConfigurationDocument): string {
  return document.string(['communicator'])?.trim().toLowerCase() ?? '';
}
