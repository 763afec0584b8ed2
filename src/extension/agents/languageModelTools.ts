/** The tools of `core/agent-tools` for agents in the editor. */
import * as vscode from 'vscode';
import type { AgentTool, AgentToolContext } from '../../core/agent-tools/agentTool.ts';
import { agentTools, refusalText } from '../../core/agent-tools/agentTools.ts';
import { RunledgerError } from '../../core/base/errors.ts';
import { languageModelToolId } from '../ids.ts';
import { interpreterCandidates } from '../submit/pythonExtension.ts';
import type { Submitter } from '../submit/submitter.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { WorkspaceService } from '../workspaces/workspaceService.ts';
import { confirmationOf } from './confirmations.ts';

export interface LanguageModelToolsDeps {
  readonly workspaces: WorkspaceService;
  readonly submitter: Submitter;
  readonly log: vscode.LogOutputChannel;
}

export function registerLanguageModelTools(deps: LanguageModelToolsDeps): vscode.Disposable {
  const context = contextOf(deps);
  return vscode.Disposable.from(
    ...agentTools.map((tool) =>
      vscode.lm.registerTool(languageModelToolId(tool.name), toolOf(tool, context, deps.log)),
    ),
  );
}

function toolOf(
  tool: AgentTool,
  context: AgentToolContext,
  log: vscode.LogOutputChannel,
): vscode.LanguageModelTool<unknown> {
  return {
    async invoke({ input }) {
      if (!tool.isReadOnly) {
        requireTrust(tool.title);
      }
      try {
        return resultOf(JSON.stringify(await tool.answer(context, input)));
      } catch (error) {
        const refusal = refusalText(error);
        if (refusal === undefined) {
          log.error(error instanceof Error ? error : String(error));
          throw error;
        }
        // The editor hands the message of an error to the model.
        throw new Error(refusal, { cause: error });
      }
    },
    prepareInvocation({ input }) {
      return tool.isReadOnly ? undefined : { confirmationMessages: confirmationOf(tool, input) };
    },
  };
}

function resultOf(text: string): vscode.LanguageModelToolResult {
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
}

function contextOf({ workspaces, submitter, log }: LanguageModelToolsDeps): AgentToolContext {
  return {
    async catalogs() {
      const entries = await workspaces.openWorkspaces();
      const folders = entries.flatMap((entry) => (entry.kind === 'workspace' ? [entry.info.folder] : []));
      const [first, ...rest] = await Promise.all(folders.map((folder) => workspaces.catalog(folder)));
      if (first === undefined) {
        throw new RunledgerError('not-found', vscode.l10n.t('No Runledger workspace is open.'), {
          advice: vscode.l10n.t('Create one with "Runledger: Create Workspace", or submit a script.'),
        });
      }
      return [first, ...rest];
    },
    interpreterCandidates: (scriptPath) => interpreterCandidates(vscode.Uri.file(scriptPath), log),
    submit: (request) => submitter.start(request),
  };
}
