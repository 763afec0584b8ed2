/** Texts of a job that are known only when it starts: where an earlier step left its output, what a parameter is. */
import * as v from 'valibot';

export interface ParameterTemplate {
  readonly parameter: string;
}

/** Where an output of this step goes, as an absolute path. */
export interface OutputTemplate {
  readonly output: string;
}

/** Where another step left an output, as an absolute path. */
export interface InputTemplate {
  readonly input: { readonly step: string; readonly output: string };
}

/** Templates whose texts are joined. */
export interface JoinedTemplate {
  readonly parts: readonly Template[];
}

export type Template = string | ParameterTemplate | OutputTemplate | InputTemplate | JoinedTemplate;

export const templateSchema: v.GenericSchema<Template> = v.union(
  [
    v.string(),
    v.strictObject({ parameter: v.string() }),
    v.strictObject({ output: v.string() }),
    v.strictObject({ input: v.strictObject({ step: v.string(), output: v.string() }) }),
    v.strictObject({ parts: v.array(v.lazy(() => templateSchema)) }),
  ],
  'must be a text, or say which parameter, output or input it stands for',
);

/** What a template's names stand for. */
export interface TemplateScope {
  parameter(name: string): string;
  output(name: string): string;
  input(step: string, output: string): string;
}

export function resolveTemplate(template: Template, scope: TemplateScope): string {
  if (typeof template === 'string') {
    return template;
  }
  if ('parameter' in template) {
    return scope.parameter(template.parameter);
  }
  if ('output' in template) {
    return scope.output(template.output);
  }
  if ('input' in template) {
    return scope.input(template.input.step, template.input.output);
  }
  return template.parts.map((part) => resolveTemplate(part, scope)).join('');
}

/** A value as a command line has it; truth as Python spells it. */
export function argumentText(value: string | number | boolean): string {
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}
