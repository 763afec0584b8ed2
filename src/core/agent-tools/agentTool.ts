/** What a language model's agent can call: one definition for the editor's tools and for the server that `runledger mcp` is. */
import * as v from 'valibot';
import { RunledgerError } from '../base/errors.ts';
import type { RunCatalog } from '../catalog/runCatalog.ts';
import type { SubmitRequest, SubmittedRun } from '../submission/submission.ts';

/** Where tools work. */
export interface AgentToolContext {
  /** The workspaces that can be named, that of the folder in which the agent works first. Rejects where there is none. */
  catalogs(): Promise<readonly [RunCatalog, ...RunCatalog[]]>;
  /** Interpreters for a script whose run configuration names none, best first. */
  interpreterCandidates(scriptPath: string): Promise<readonly string[]>;
  submit(request: SubmitRequest): Promise<SubmittedRun>;
}

type ObjectSchema = v.ObjectSchema<v.ObjectEntries, undefined>;

export interface AgentTool {
  /** As `{verb}_{noun}`. */
  readonly name: string;
  readonly title: string;
  /** For the model: what it is for, and when. */
  readonly description: string;
  readonly input: ObjectSchema;
  readonly output: ObjectSchema;
  /** Whether it leaves everything as it is. What does not is only offered where the person asked for it, or confirms each call. */
  readonly isReadOnly: boolean;
  /**
   * @param input as the model gave it; checked here
   * @throws RunledgerError `invalid-argument` where the input is not what `input` says, and what the work throws
   */
  answer(context: AgentToolContext, input: unknown): Promise<Readonly<Record<string, unknown>>>;
}

interface ToolDefinition<TInput extends ObjectSchema, TOutput extends ObjectSchema>
  extends Omit<AgentTool, 'input' | 'output' | 'answer'> {
  readonly input: TInput;
  readonly output: TOutput;
  readonly run: (context: AgentToolContext, input: v.InferOutput<TInput>) => Promise<v.InferInput<TOutput>>;
}

/** Makes a tool whose answers are typed by its own schemas. */
export function defineTool<TInput extends ObjectSchema, TOutput extends ObjectSchema>({
  run,
  ...tool
}: ToolDefinition<TInput, TOutput>): AgentTool {
  return {
    ...tool,
    async answer(context, input) {
      const parsed = v.safeParse(tool.input, input ?? {});
      if (!parsed.success) {
        throw new RunledgerError('invalid-argument', `${tool.name}: ${sentences(parsed.issues)}`);
      }
      return await run(context, parsed.output);
    },
  };
}

function sentences(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues
    .map((issue) => {
      const place = v.getDotPath(issue);
      return place === null ? issue.message : `${place}: ${issue.message}`;
    })
    .join('; ');
}
