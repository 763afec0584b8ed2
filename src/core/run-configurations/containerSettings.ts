/** The container that a run configuration asks for: `environment.docker`, and `docker` beside it. */
import type { ConfigurationDocument } from './configurationDocument.ts';
import type { RunConfigurationPath } from './runConfigurationSchema.ts';

export interface ContainerSettings {
  /** Undefined where the configuration does not say. */
  readonly isEnabled: boolean | undefined;
  /** With the address of its registry. */
  readonly image: string | undefined;
  /** A path, relative to the source folder or the configuration's own, or the text of a Dockerfile. */
  readonly dockerfile: string | undefined;
  /** As `--shm-size`. */
  readonly shmSize: string | undefined;
  /** Further arguments of `docker run`. */
  readonly arguments: readonly string[];
  readonly needsGpu: boolean;
}

const environmentSection = ['environment', 'docker'] as const;

/**
 * @returns undefined where it says nothing of containers
 * @throws RunledgerError `invalid-run-configuration` with line and column
 */
export function readContainerSettings(document: ConfigurationDocument): ContainerSettings | undefined {
  if (!document.has(environmentSection) && !document.has(['docker'])) {
    return undefined;
  }
  const text = (...path: RunConfigurationPath): string | undefined => document.string(path)?.trim() || undefined;
  const address = text(...environmentSection, 'baseImageRegistry', 'address');
  const image = text(...environmentSection, 'baseImage');
  return {
    isEnabled: document.boolean(['docker', 'useDocker']) ?? document.boolean([...environmentSection, 'enabled']),
    image: image === undefined || address === undefined ? image : `${address.replace(/\/+$/, '')}/${image}`,
    dockerfile: text(...environmentSection, 'baseDockerfile'),
    shmSize: text('docker', 'shmSize') ?? text(...environmentSection, 'shmSize'),
    arguments: [
      ...document.strings([...environmentSection, 'arguments']),
      ...document.strings(['docker', 'arguments']),
    ],
    needsGpu: document.boolean([...environmentSection, 'gpuSupport']) === true,
  };
}

/** Settings of containers that are not followed, by their paths. */
export function ignoredContainerSettings(document: ConfigurationDocument): readonly RunConfigurationPath[] {
  const registry = [...environmentSection, 'baseImageRegistry', 'username'] as const;
  const shared = [[...environmentSection, 'sharedVolumes'] as const, ['docker', 'sharedVolumes'] as const];
  return [
    ...(document.has(registry) && document.string(registry) !== '' ? [registry] : []),
    ...shared.filter((path) => document.boolean(path) === false),
  ];
}

/** Arguments of `docker run`, each by itself: Azure ML's files hold `--name value` as one text too. */
export function splitArguments(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => {
    const [, name, value] = /^(-{1,2}[\w-]+)\s+(\S.*)$/.exec(text.trim()) ?? [];
    return name === undefined || value === undefined ? [text] : [name, value];
  });
}
