/** Names what a diagnostic is about, so that code actions find those that they can mend. */
export const diagnosticCodes = {
  unusable: 'unusable',
  notOnThisMachine: 'not-on-this-machine',
  unknownKey: 'unknown-key',
  unknownValue: 'unknown-value',
  noEffect: 'no-effect',
  missingFile: 'missing-file',
  missingInterpreter: 'missing-interpreter',
  unknownTarget: 'unknown-target',
  unknownEnvironment: 'unknown-environment',
  unknownDataSet: 'unknown-data-set',
  unknownExperiment: 'unknown-experiment',
  unknownRunConfiguration: 'unknown-run-configuration',
} as const;

export const source = 'Runledger';
