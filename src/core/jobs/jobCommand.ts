/** A command within a sweep or a pipeline: its own keys, or those of a component. */
import { DefinitionRefusal } from '../base/definitionFile.ts';
import { type CommandSettings, commandSettingsOf } from './commandSettings.ts';
import type { RunnableTemplate } from './commandTemplate.ts';
import { type Component, type Components, isComponentFile } from './component.ts';
import { type CommandFields, codeOf, isElsewhere } from './jobFields.ts';
import type { KeyPath } from './jobInputs.ts';

/** Where the keys of a command are. */
export interface CommandSource extends Component {
  readonly command: string;
  /** The key that says what is run. */
  readonly at: KeyPath;
}

/** A command that is ready to become a job of the engine. */
export interface JobCommand {
  readonly runnable: RunnableTemplate;
  readonly settings: CommandSettings;
  /** As it is written, where it is registered somewhere. */
  readonly environment: string | undefined;
  readonly compute: string | undefined;
}

/**
 * Finds the command that a step or a trial runs; undefined where it is in a component that nobody has read.
 *
 * @param place the name of a component, or the keys of a command
 * @param at where `place` is
 * @param components undefined where none were read
 * @throws DefinitionRefusal for what only Azure has
 */
export function commandSource(
  place: string | Component['fields'],
  at: KeyPath,
  folder: string,
  components: Components | undefined,
): CommandSource | undefined {
  let source: CommandSource | undefined;
  if (typeof place === 'string') {
    if (!isComponentFile(place)) {
      throw new DefinitionRefusal(at, `the component ${place} is not on this machine; name its file`);
    }
    const component = components?.get(place);
    if (component === undefined) {
      return undefined;
    }
    const { type = 'command', command } = component.fields;
    if (type !== 'command' || command === undefined) {
      throw new DefinitionRefusal(at, `a component of the type ${type} cannot be run on this machine, only commands`);
    }
    source = { ...component, command, at };
  } else {
    if (place.command === undefined) {
      throw new DefinitionRefusal(at, 'has no command', true);
    }
    source = { fields: place, folder, command: place.command, at: [...at, 'command'] };
  }
  const code = codeOf(source.fields);
  if (code !== undefined && isElsewhere(code)) {
    throw new DefinitionRefusal(
      typeof place === 'string' ? at : [...at, 'code'],
      `the code ${code} is not on this machine`,
    );
  }
  return source;
}

/** @param own keys of the step or the trial, which count before those of its component */
export function jobCommand(source: CommandSource, own: CommandFields, runnable: RunnableTemplate): JobCommand {
  const { fields, folder } = source;
  const settings = commandSettingsOf(
    {
      ...fields,
      environment_variables: { ...fields.environment_variables, ...own.environment_variables },
      distribution: own.distribution ?? fields.distribution,
      resources: own.resources ?? fields.resources,
      limits: own.limits ?? fields.limits,
    },
    folder,
  );
  const environment = own.environment ?? fields.environment;
  return {
    runnable,
    settings,
    environment: typeof environment === 'string' ? environment : undefined,
    compute: typeof own.compute === 'string' ? own.compute : undefined,
  };
}
