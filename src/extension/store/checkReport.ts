import {
  type CheckResult,
  type Finding,
  type FindingKind,
  findingTexts,
  remainingProblems,
} from '../../core/store-check/findings.ts';
import { escapeMarkdown, formatBytes } from '../text/format.ts';

/** Findings of a kind that the report lists one by one. */
const listedOfKind = 200;

/** What a check found, kept for its report: of each kind as many as a person reads, and how many there are. */
export class CheckFindings {
  private readonly kinds = new Map<FindingKind, { count: number; readonly listed: Finding[] }>();

  add(finding: Finding): void {
    const known = this.kinds.get(finding.kind) ?? { count: 0, listed: [] };
    known.count++;
    if (known.listed.length < listedOfKind) {
      known.listed.push(finding);
    }
    this.kinds.set(finding.kind, known);
  }

  /** The kinds that were found, problems first, with how often. */
  get counts(): readonly (readonly [kind: FindingKind, count: number])[] {
    const order = (kind: FindingKind): number => (findingTexts[kind].severity === 'problem' ? 0 : 1);
    return [...this.kinds].map(([kind, { count }]) => [kind, count] as const).sort(([a], [b]) => order(a) - order(b));
  }

  listedOf(kind: FindingKind): readonly Finding[] {
    return this.kinds.get(kind)?.listed ?? [];
  }
}

export interface ReportedCheck {
  readonly workspaceName: string;
  readonly workspaceFolder: string;
  readonly result: CheckResult;
  readonly findings: CheckFindings;
}

/** The report of a check in Markdown. Whatever comes from the store is escaped. */
export function checkReport({ workspaceName, workspaceFolder, result, findings }: ReportedCheck): string {
  const { experiments, runs, models, journalBytes, problems, repairable, keptFolder } = result;
  const left = remainingProblems(result);
  const lines = [
    `# Store check of ${escapeMarkdown(workspaceName)}`,
    '',
    `${escapeMarkdown(workspaceFolder)}: ${experiments} experiments, ${runs} runs, ${models} versions of models, \
${formatBytes(journalBytes)} of journals.`,
    '',
    `**${headline(problems.repaired, left, repairable)}**`,
  ];
  if (keptFolder !== undefined) {
    lines.push('', `What was taken out or replaced is in ${escapeMarkdown(keptFolder)}, until the trash is emptied.`);
  }
  let part = '';
  for (const [kind, count] of findings.counts) {
    const { title, meaning, repair, severity } = findingTexts[kind];
    const heading = severity === 'problem' ? 'Problems' : 'Notes';
    if (heading !== part) {
      part = heading;
      lines.push('', `## ${heading}`);
    }
    lines.push('', `### ${title} (${count})`, '', meaning);
    if (severity === 'problem') {
      lines.push('', repair === undefined ? 'Nothing is repaired by itself.' : `Repair: ${repair}`);
    }
    const listed = findings.listedOf(kind);
    lines.push('', ...listed.map(findingLine));
    if (count > listed.length) {
      lines.push('', `And ${count - listed.length} more: in a terminal, \`runledger store check\` lists all of them.`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The result of a check in a sentence. */
export function headline(repaired: number, left: number, repairable: number): string {
  const parts: string[] = [];
  if (repaired > 0) {
    parts.push(repaired === 1 ? '1 problem was repaired.' : `${repaired} problems were repaired.`);
  }
  if (left > 0) {
    const can = repairable === 0 ? '' : `, ${repairable === left ? 'which' : `${repairable} of them`} can be repaired`;
    const found = left === 1 ? '1 problem' : `${left} problems`;
    parts.push(
      `${found} ${repaired > 0 ? (left === 1 ? 'is left' : 'are left') : left === 1 ? 'was found' : 'were found'}${can}.`,
    );
  }
  return parts.length === 0 ? 'No problems were found.' : parts.join(' ');
}

function findingLine({ place, message, severity, outcome, isRepairable, failure }: Finding): string {
  const said = `- ${escapeMarkdown(place)}: ${escapeMarkdown(message)}`;
  if (severity === 'notice') {
    return said;
  }
  switch (outcome) {
    case 'repaired':
      return `${said} **Repaired.**`;
    case 'failed':
      return `${said} **Could not be repaired:** ${escapeMarkdown(failure ?? '')}`;
    case 'open':
      return isRepairable ? said : `${said} **Not repaired by itself.**`;
  }
}
