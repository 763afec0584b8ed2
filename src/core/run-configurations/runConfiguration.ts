import type { DependenciesSource } from '../environments/environmentPlan.ts';
import type { ContainerSettings } from './containerSettings.ts';
import type { DataReference } from './dataReferences.ts';
import type { Distribution } from './distribution.ts';

/** How a script is run: what a `*.runconfig` file says, or one of the two that need no file. */
export interface RunConfiguration {
  readonly name: string;
  /** The file, absolute; undefined for the built-in ones. */
  readonly path: string | undefined;
  /** `local`. */
  readonly target: string;
  /** Run in the source folder itself, and not in a working folder that the snapshot is unpacked to. */
  readonly isInPlace: boolean;
  /** False: the code is not kept with the run. Only with `isInPlace`. */
  readonly takesSnapshot: boolean;
  /** As the file has it, relative to the source folder. */
  readonly script: string | undefined;
  /** A program and its arguments, in place of a script. */
  readonly command: readonly string[] | undefined;
  readonly arguments: readonly string[];
  /** As the file has it: a path, perhaps relative to the source folder, or a command on the path. */
  readonly interpreter: string | undefined;
  /** A conda environment of this machine, by name or folder, whose interpreter is taken where none is named. */
  readonly condaEnvironment?: string | undefined;
  /** Packages that the script needs; undefined where those of the interpreter are to be taken as they are. */
  readonly dependencies: DependenciesSource | undefined;
  /** What the file says of the environment, without its variables and secrets; undefined where it says nothing. */
  readonly environment: object | undefined;
  /** Absent where it says nothing of containers. */
  readonly container?: ContainerSettings | undefined;
  /** Data in variables of the script's environment. Absent in what earlier versions wrote. */
  readonly dataReferences?: readonly DataReference[];
  readonly environmentVariables: Readonly<Record<string, string>>;
  /** A file of further variables, relative to the source folder; empty: none. Absent where the usual `.env` is read. */
  readonly envFile?: string | undefined;
  /** Absent where the script is one process. */
  readonly distribution?: Distribution | undefined;
  readonly maxRunDurationSeconds: number | undefined;
  /** What the file asks for and this version does not do, as sentences for a person. */
  readonly warnings: readonly string[];
}

/** A run configuration in a list. */
export interface RunConfigurationEntry {
  /** Unique in its list. */
  readonly name: string;
  readonly path: string | undefined;
  /** As the file has it; empty where it cannot be read. */
  readonly target: string;
  /** One line for a person. */
  readonly description: string;
  /** Why it cannot be used; undefined where it can. */
  readonly problem: string | undefined;
}

const builtInDefaults = {
  path: undefined,
  target: 'local',
  takesSnapshot: true,
  script: undefined,
  command: undefined,
  arguments: [],
  interpreter: undefined,
  dependencies: undefined,
  environment: undefined,
  environmentVariables: {},
  maxRunDurationSeconds: undefined,
  warnings: [],
} as const;

export interface BuiltInRunConfiguration {
  readonly description: string;
  readonly configuration: RunConfiguration;
}

/** The run configurations that need no file. */
export const builtInRunConfigurations: readonly BuiltInRunConfiguration[] = [
  {
    description: 'This machine, in a copy of the source folder',
    configuration: { ...builtInDefaults, name: 'local', isInPlace: false },
  },
  {
    description: 'This machine, in the source folder itself',
    configuration: { ...builtInDefaults, name: 'local (in place)', isInPlace: true },
  },
];
