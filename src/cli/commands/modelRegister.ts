import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { RunledgerError } from '../../core/base/errors.ts';
import { type ModelSource, registerModel } from '../../core/models/registerModel.ts';
import type { CliContext } from '../context.ts';
import { interruptible } from '../interruptible.ts';
import { addKeyWithValue } from '../keyValues.ts';
import { modelJson, modelJsonHelp } from '../modelOutput.ts';
import { writeItem } from '../output.ts';
import { runIdOfMetadataFile } from '../outputMetadata.ts';
import { ProgressLine } from '../progressLine.ts';
import { oneLine } from '../text.ts';
import { addWorkspaceOptions, chosenWorkspace, ignoreOptions, type WorkspaceOptions } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly name: string;
  readonly modelPath?: string;
  readonly assetPath?: string;
  readonly runId?: string;
  readonly runMetadataFile?: string;
  readonly description?: string;
  readonly tag?: Readonly<Record<string, string>>;
  readonly property?: Readonly<Record<string, string>>;
  readonly modelFramework?: string;
  readonly modelFrameworkVersion?: string;
}

const frameworks = ['Custom', 'Multi', 'Onnx', 'PyTorch', 'ScikitLearn', 'TensorFlow'] as const;

/** What a deployment would need, and the experiment of the run, whose id is enough here. */
const ignored = [
  '--experiment-name <name>',
  '--cc, --cpu-cores <number>',
  '--gb, --memory-gb <number>',
  '--gc, --gpu-cores <number>',
  '--sample-input-dataset-id <id>',
  '--sample-output-dataset-id <id>',
];

export function addModelRegister(model: Command, context: CliContext): void {
  ignoreOptions(addWorkspaceOptions(model.command('register')), ...ignored)
    .summary('register a model')
    .description('Copies a file or a folder into the workspace, as the next version of a model.')
    .requiredOption('-n, --name <name>', "the model's name")
    .option('-p, --model-path <path>', 'the file or folder on this machine')
    .option('--asset-path <path>', 'in place of -p: the file or folder of a run, as outputs/model.pkl')
    .option('-r, --run-id <id>', 'with --asset-path: the run')
    .option('-f, --run-metadata-file <file>', 'in place of -r: what run submit-script -t wrote')
    .option('-d, --description <text>', 'what the model is')
    .option('--tag <name=value>', 'a tag; can be given several times', addKeyWithValue)
    .option(
      '--property <name=value>',
      'a property, which cannot change later; can be given several times',
      addKeyWithValue,
    )
    .addOption(
      new Option('--model-framework <name>', 'what it was made with').choices(frameworks).argParser(frameworkName),
    )
    .option('--model-framework-version <version>', 'the version of the framework')
    .addHelpText(
      'after',
      `
JSON (-o json): ${modelJsonHelp}

Example:
  runledger model register -n digits --asset-path outputs/model.pkl -r digits_1763674412_3fa9c1de --tag stage=trial`,
    )
    .action(async (options: Options, command: Command) => {
      const { folder: workspaceFolder } = await chosenWorkspace(context, options);
      const source = await sourceOf(options, context);
      const progress = new ProgressLine(context.stderr);
      const { name, description, tag: tags, property: properties, modelFrameworkVersion: frameworkVersion } = options;
      try {
        const made = await interruptible(context, (signal) =>
          registerModel({
            workspaceFolder,
            name,
            source,
            description,
            tags: tags ?? {},
            properties: properties ?? {},
            framework: options.modelFramework,
            frameworkVersion,
            createdBy: `runledger-cli/${context.installation.version}`,
            onProgress: (fraction) => progress.show(`Copying ${name}`, fraction),
            signal,
          }),
        );
        progress.clear();
        writeItem(
          context,
          command,
          modelJson(made),
          () => `Registered ${made.id}, a copy of ${oneLine(made.path ?? '')}.`,
        );
      } finally {
        progress.clear();
      }
    });
}

function frameworkName(text: string): string {
  const name = frameworks.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
  if (name === undefined) {
    throw new InvalidArgumentError(`It must be one of ${frameworks.join(', ')}.`);
  }
  return name;
}

async function sourceOf(options: Options, context: CliContext): Promise<ModelSource> {
  const { modelPath, assetPath, runId, runMetadataFile } = options;
  if (modelPath !== undefined && assetPath === undefined && runId === undefined && runMetadataFile === undefined) {
    return { path: resolve(context.currentFolder, modelPath) };
  }
  if (modelPath === undefined && assetPath !== undefined && (runId === undefined) !== (runMetadataFile === undefined)) {
    const file = runMetadataFile === undefined ? undefined : resolve(context.currentFolder, runMetadataFile);
    return { artifactPath: assetPath, runId: file === undefined ? (runId ?? '') : await runIdOfMetadataFile(file) };
  }
  throw new RunledgerError('invalid-argument', 'It is not clear what to register.', {
    advice: 'Pass either -p PATH, or --asset-path PATH with -r RUN_ID or -f FILE.',
  });
}
