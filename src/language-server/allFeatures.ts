import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type ConfigurationFileKind, configurationFileKind } from '../core/configuration-files/fileKind.ts';
import { definitionFeatures } from './definitionFeatures.ts';
import { commandJobDefinition, pipelineJobDefinition, sweepJobDefinition } from './definitions/jobs.ts';
import {
  condaEnvironmentDefinition,
  definedTargetDefinition,
  isLocalTarget,
  localTargetDefinition,
  pipelineDefinition,
  sweepDefinition,
} from './definitions/others.ts';
import { runConfigurationDefinition } from './definitions/runConfiguration.ts';
import type { FileFeatures } from './fileFeatures.ts';
import { ignoreFileFeatures } from './ignore-files/ignoreFileFeatures.ts';
import { requirementsFeatures } from './requirements/requirementsFeatures.ts';

const byKind: Partial<Readonly<Record<ConfigurationFileKind, FileFeatures>>> = {
  runConfiguration: definitionFeatures(runConfigurationDefinition),
  computeTarget: definitionFeatures(definedTargetDefinition),
  condaEnvironment: definitionFeatures(condaEnvironmentDefinition),
  pipeline: definitionFeatures(pipelineDefinition),
  sweep: definitionFeatures(sweepDefinition),
  commandJob: definitionFeatures(commandJobDefinition),
  sweepJob: definitionFeatures(sweepJobDefinition),
  pipelineJob: definitionFeatures(pipelineJobDefinition),
  pipRequirements: requirementsFeatures,
  ignoreFile: ignoreFileFeatures,
};
const localTarget = definitionFeatures(localTargetDefinition);

/** What the server does for a file; undefined for one that it has nothing to say about. */
export function featuresOf(path: string, document: TextDocument): FileFeatures | undefined {
  const kind = configurationFileKind(path, document.getText());
  if (kind === 'computeTarget' && isLocalTarget(path)) {
    return localTarget;
  }
  return kind && byKind[kind];
}
