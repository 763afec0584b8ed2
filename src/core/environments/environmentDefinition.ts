/** What an environment says, in the spelling of Azure ML's files. Python's `Environment` gives its definitions the same form. */
import { RunledgerError } from '../base/errors.ts';
import { isJsonObject, type JsonObject } from '../store/jsonFile.ts';

/** Keys with what they are where a definition does not say. */
interface Section {
  readonly values: JsonObject;
  readonly sections?: Readonly<Record<string, Section>>;
  /** Never stored. */
  readonly secrets?: readonly string[];
}

const registry: Section = { values: { address: null, username: null }, secrets: ['password'] };

const environment: Section = {
  values: { environmentVariables: {}, inferencingStackVersion: null },
  sections: {
    python: {
      values: {
        userManagedDependencies: false,
        interpreterPath: 'python',
        condaDependenciesFile: null,
        baseCondaEnvironment: null,
      },
    },
    docker: {
      values: {
        enabled: false,
        baseImage: null,
        baseDockerfile: null,
        sharedVolumes: true,
        gpuSupport: false,
        shmSize: null,
        arguments: [],
      },
      sections: { baseImageRegistry: registry },
    },
    spark: { values: { repositories: [], packages: [], precachePackages: true } },
  },
};

/** What belongs to a version and not to the definition. */
const recordKeys: ReadonlySet<string> = new Set(['format', 'createdTime', 'name', 'version']);

/**
 * A definition with every key that there is, without name and version. Keys are found whatever their case; those that are not
 * known are kept; passwords are not.
 *
 * @param conda the packages, in place of those of the definition
 * @throws RunledgerError `invalid-argument` where the packages are no conda environment
 */
export function completeDefinition(definition: JsonObject, conda?: unknown): JsonObject {
  const own = Object.fromEntries(Object.entries(definition).filter(([key]) => !recordKeys.has(key)));
  const complete = completed(own, environment);
  const { condaDependencies, ...python } = isJsonObject(complete.python) ? complete.python : {};
  const packages = conda ?? condaDependencies ?? undefined;
  if (packages === undefined) {
    return { ...complete, python };
  }
  const checked = condaEnvironment(packages);
  // An interpreter that is used as it is gets no packages.
  return {
    ...complete,
    python: python.userManagedDependencies === true ? python : { ...python, condaDependencies: checked },
  };
}

function completed(value: JsonObject, { values, sections = {}, secrets = [] }: Section): JsonObject {
  const result: Record<string, unknown> = { ...values };
  for (const [name, section] of Object.entries(sections)) {
    result[name] = completed({}, section);
  }
  const known = new Map(Object.keys(result).map((key) => [key.toLowerCase(), key]));
  for (const [key, field] of Object.entries(value)) {
    const name = known.get(key.toLowerCase());
    const section = name === undefined ? undefined : sections[name];
    if (secrets.includes(key.toLowerCase())) {
      continue;
    }
    if (name === undefined) {
      result[key] = field;
    } else if (section === undefined) {
      result[name] = field;
    } else if (isJsonObject(field)) {
      result[name] = completed(field, section);
    }
  }
  return result;
}

function condaEnvironment(value: unknown): JsonObject {
  if (!isJsonObject(value) || !(value.dependencies === undefined || Array.isArray(value.dependencies))) {
    throw new RunledgerError('invalid-argument', 'The packages of the environment are no conda environment.', {
      advice: 'They need a list of dependencies, as "dependencies: [python=3.10, numpy]".',
    });
  }
  return { dependencies: [], ...value };
}

/** A conda environment of Python and what stands for the SDK. */
export const startingConda: JsonObject = {
  name: 'project_environment',
  channels: ['conda-forge'],
  dependencies: ['python=3.10', { pip: ['azureml-defaults'] }],
};
