/** An environment as a command shows it. */
import { isJsonObject } from '../core/store/jsonFile.ts';
import type { VersionedDefinition } from '../core/store/versionedDefinitions.ts';
import { momentText, oneLine } from './text.ts';

/** What help says of the JSON of an environment. */
export const environmentJsonHelp = `{name, version, createdTime (ISO 8601, UTC), environmentVariables, python, docker,
spark, inferencingStackVersion}, as in azureml_environment.json.`;

export function environmentJson({ name, version, createdTime, content }: VersionedDefinition): object {
  const { format: _format, name: _name, version: _version, createdTime: _createdTime, ...definition } = content;
  return { name, version, createdTime: new Date(createdTime * 1000).toISOString(), ...definition };
}

export function environmentText(environment: VersionedDefinition): string {
  const python = isJsonObject(environment.content.python) ? environment.content.python : {};
  const { conda, pip } = packagesOf(python.condaDependencies);
  const variables = isJsonObject(environment.content.environmentVariables)
    ? Object.keys(environment.content.environmentVariables)
    : [];
  const facts: (readonly [string, string])[] = [
    ['Environment', environment.name],
    ['Version', String(environment.version)],
    ['Registered', momentText(environment.createdTime)],
    ['Python', python.userManagedDependencies === true ? String(python.interpreterPath) : 'with the packages below'],
    ['Conda', conda.join(', ')],
    ['Pip', pip.join(', ')],
    ['Variables', variables.join(', ')],
  ];
  return facts
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name.padEnd(11)}  ${oneLine(value)}`)
    .join('\n');
}

function packagesOf(condaDependencies: unknown): { conda: string[]; pip: string[] } {
  const found: { conda: string[]; pip: string[] } = { conda: [], pip: [] };
  const entries: unknown = isJsonObject(condaDependencies) ? condaDependencies.dependencies : [];
  for (const entry of Array.isArray(entries) ? entries : []) {
    if (typeof entry === 'string') {
      found.conda.push(entry);
    } else if (isJsonObject(entry) && Array.isArray(entry.pip)) {
      found.pip.push(...entry.pip.map(String));
    }
  }
  return found;
}
