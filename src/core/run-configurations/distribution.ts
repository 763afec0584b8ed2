/** The processes that a run configuration asks for: `communicator`, `nodeCount` and the section of the framework. */
import { type ProcessKind, processKindOf } from './communicators.ts';
import type { ConfigurationDocument } from './configurationDocument.ts';
import type { RunConfigurationPath } from './runConfigurationSchema.ts';

/** A script that is started as several processes. On this machine those of all nodes run side by side. */
export interface Distribution {
  readonly kind: ProcessKind;
  /** In total; of TensorFlow its workers. */
  readonly processes: number;
  /** Of TensorFlow, beside the workers. */
  readonly parameterServers: number;
  /** Machines that they are to be spread over, where there are several. */
  readonly nodes: number;
}

/** Settings that count processes, for each kind of job. Those of another kind than the communicator's have no effect. */
const counts: readonly (readonly [ProcessKind, RunConfigurationPath])[] = [
  ['mpi', ['mpi', 'processCountPerNode']],
  ['pytorch', ['pytorch', 'processCount']],
  ['tensorflow', ['tensorflow', 'workerCount']],
];

/** Undefined where the script is one process. */
export function readDistribution(document: ConfigurationDocument): Distribution | undefined {
  const kind = processKindOf(communicatorOf(document));
  const nodes = document.integer(['nodeCount'], 1) ?? 1;
  const distribution = kind === undefined ? undefined : distributionOf(document, kind, nodes);
  return distribution === undefined || distribution.processes + distribution.parameterServers <= 1
    ? undefined
    : distribution;
}

/** Settings that ask for more processes than are started, by their paths. */
export function ignoredCounts(document: ConfigurationDocument): readonly RunConfigurationPath[] {
  const communicator = communicatorOf(document);
  const kind = processKindOf(communicator);
  const isMany = (path: RunConfigurationPath): boolean => (document.integer(path, 0) ?? 1) > 1;
  const ignored = counts.filter(([counted, path]) => counted !== kind && isMany(path)).map(([, path]) => path);
  return [
    ...(kind === undefined && isMany(['nodeCount']) ? [['nodeCount'] as const] : []),
    ...ignored,
    ...(kind === undefined && !['', 'none'].includes(communicator) ? [['communicator'] as const] : []),
  ];
}

function distributionOf(document: ConfigurationDocument, kind: ProcessKind, nodes: number): Distribution {
  switch (kind) {
    case 'pytorch':
      return { kind, processes: document.integer(['pytorch', 'processCount'], 1) ?? nodes, parameterServers: 0, nodes };
    case 'mpi':
      return {
        kind,
        processes: nodes * (document.integer(['mpi', 'processCountPerNode'], 1) ?? 1),
        parameterServers: 0,
        nodes,
      };
    case 'tensorflow':
      return {
        kind,
        processes: document.integer(['tensorflow', 'workerCount'], 1) ?? 1,
        parameterServers: document.integer(['tensorflow', 'parameterServerCount'], 0) ?? 0,
        nodes,
      };
    default:
      return kind satisfies never;
  }
}

function communicatorOf(document: ConfigurationDocument): string {
  return document.string(['communicator'])?.trim().toLowerCase() ?? '';
}
