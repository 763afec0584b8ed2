import type { Readable, Writable } from 'node:stream';
import { type Command, Option } from 'commander';
import type { AgentToolContext } from '../../core/agent-tools/agentTool.ts';
import { agentTools, refusalText } from '../../core/agent-tools/agentTools.ts';
import { openRunCatalog } from '../../core/catalog/indexedRunCatalog.ts';
import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import { submitRun } from '../../core/submission/submitRun.ts';
import { type CliContext, writeLine } from '../context.ts';
import { interpreterPath } from '../interpreterPath.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly allowWrites?: boolean;
  readonly python?: string;
}

export function addMcp(program: Command, context: CliContext): void {
  addWorkspaceOptions(program.command('mcp'))
    .summary('serve runs to AI agents')
    .description(
      'Serves the runs of the workspace to an AI agent, by the Model Context Protocol over the standard input and output. It only reads, unless --allow-writes is given.',
    )
    .addOption(new Option('--allow-writes', 'let the agent submit scripts, which run on this machine, and cancel runs'))
    .option('--python <path>', 'the interpreter of submitted scripts, if the run configuration names none')
    .addHelpText(
      'after',
      `
Agents start this command themselves. A client's configuration mostly names the command and its arguments:
  {"mcpServers": {"runledger": {"command": "runledger", "args": ["mcp", "--path", "/path/to/project"]}}}

Tools: ${agentTools.map(({ name, isReadOnly }) => (isReadOnly ? name : `${name} (--allow-writes)`)).join(', ')}.
docs/agents.md tells what each answers.

Example:
  runledger mcp --path /path/to/project`,
    )
    .action(async (options: Options) => {
      const { serveMcp } = await import('../mcp/mcpServer.ts');
      const catalogs = new ServedCatalog(context, options);
      const tools = agentTools.filter(({ isReadOnly }) => isReadOnly || options.allowWrites === true);
      const toolContext = toolContextOf(context, options, catalogs);
      try {
        await serveMcp({
          version: context.installation.version,
          instructions:
            'Runledger tracks machine-learning runs on this machine: their metrics, parameters, logs and files, in a workspace beside the code.',
          tools,
          answer: (tool, input) => tool.answer(toolContext, input),
          refusal: (error) => refusalText(error) ?? reportDefect(context, error),
          stdin: context.stdin as Readable,
          stdout: context.stdout as Writable,
          onError: (error) => writeLine(context.stderr, `runledger mcp: ${error.message}`),
        });
      } finally {
        await catalogs.close();
      }
    });
}

/** The workspace's catalog, opened by the first call that needs it: a client may start the server before there is a workspace. */
class ServedCatalog {
  private readonly context: CliContext;
  private readonly options: Options;
  private opening: Promise<RunCatalog> | undefined;

  constructor(context: CliContext, options: Options) {
    this.context = context;
    this.options = options;
  }

  async get(): Promise<RunCatalog> {
    this.opening ??= this.open();
    try {
      return await this.opening;
    } catch (error) {
      this.opening = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    const catalog = await this.opening?.catch(() => undefined);
    catalog?.dispose();
  }

  private async open(): Promise<RunCatalog> {
    return await openRunCatalog((await chosenWorkspace(this.context, this.options)).folder);
  }
}

function toolContextOf(context: CliContext, options: Options, catalog: ServedCatalog): AgentToolContext {
  const { pythonSdkFolder, version, command } = context.installation;
  return {
    catalogs: async () => [await catalog.get()],
    interpreterCandidates: async () => (options.python === undefined ? [] : [interpreterPath(options.python, context)]),
    submit: (request) =>
      submitRun(request, { pythonSdkFolder, cliCommand: command, createdBy: `runledger-mcp/${version}` }),
  };
}

function reportDefect({ stderr }: CliContext, error: unknown): string {
  writeLine(stderr, error instanceof Error ? error.stack : String(error));
  return `This should not happen: ${error instanceof Error ? error.message : String(error)}`;
}
