/** What a person is asked before an agent's tool runs code or ends it. */
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { AgentTool } from '../../core/agent-tools/agentTool.ts';
import { submitRun, submitRunInput } from '../../core/agent-tools/submitRun.ts';
import { joinArguments } from '../submit/splitArguments.ts';

/** @param input as the model gave it: nothing of it is taken for Markdown */
export function confirmationOf(tool: AgentTool, input: unknown): vscode.LanguageModelToolConfirmationMessages {
  if (tool.name !== submitRun.name) {
    return { title: tool.title, message: inCodeBlock(vscode.l10n.t('Ask this run to end?'), runIdOf(input)) };
  }
  const parsed = v.safeParse(submitRunInput, input);
  if (!parsed.success) {
    return { title: tool.title, message: vscode.l10n.t('The agent did not say which script to run.') };
  }
  const { script, arguments: words, run_configuration: configuration, experiment } = parsed.output;
  const lines = [
    [script, joinArguments(words)].filter((part) => part !== '').join(' '),
    vscode.l10n.t('Run configuration: {0}', configuration),
    ...(experiment === undefined ? [] : [vscode.l10n.t('Experiment: {0}', experiment)]),
  ];
  const question = vscode.l10n.t('Run this script on your machine, and track it as a run?');
  return { title: vscode.l10n.t('Submit a run'), message: inCodeBlock(question, lines.join('\n')) };
}

function inCodeBlock(question: string, text: string): vscode.MarkdownString {
  return new vscode.MarkdownString().appendText(question).appendCodeblock(text, 'text');
}

function runIdOf(input: unknown): string {
  return typeof input === 'object' && input !== null && 'run_id' in input ? String(input.run_id) : '';
}
