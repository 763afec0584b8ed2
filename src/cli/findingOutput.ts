/** How what a check finds is shown, as it is found: a store can have more findings than fit into memory. */
import {
  type CheckResult,
  type Finding,
  type FindingKind,
  findingTexts,
  remainingProblems,
} from '../core/store-check/findings.ts';
import { writeLine } from './context.ts';
import { type OutputFormat, tsvLine } from './output.ts';
import { bytesText, oneLine } from './text.ts';

export const findingColumns = [
  'severity',
  'kind',
  'outcome',
  'place',
  'message',
  'meaning',
  'repair',
  'failure',
] as const;

/** The JSON of a finding. `repair` tells what a repair does, or is null where there is none for it. */
function findingJson({ severity, kind, outcome, place, message, isRepairable, failure }: Finding): object {
  const { meaning, repair } = findingTexts[kind];
  return { severity, kind, outcome, place, message, meaning, repair: isRepairable ? repair : null, failure };
}

export function checkResultJson({ keptFolder, ...counts }: CheckResult): object {
  return { ...counts, kept: keptFolder ?? null };
}

export class FindingWriter {
  private readonly stream: NodeJS.WritableStream;
  private readonly format: OutputFormat;
  private readonly counts = new Map<FindingKind, number>();
  private separator = '';

  constructor(stream: NodeJS.WritableStream, format: OutputFormat, workspaceFolder: string) {
    this.stream = stream;
    this.format = format;
    if (format === 'json') {
      stream.write(`{\n  "workspace": ${JSON.stringify(workspaceFolder)},\n  "findings": [`);
    }
  }

  add(finding: Finding): void {
    this.counts.set(finding.kind, (this.counts.get(finding.kind) ?? 0) + 1);
    switch (this.format) {
      case 'json':
        this.stream.write(`${this.separator}\n    ${JSON.stringify(findingJson(finding))}`);
        this.separator = ',';
        break;
      case 'tsv':
        writeLine(this.stream, tsvLine(findingJson(finding), findingColumns));
        break;
      case 'table':
        writeLine(this.stream, findingText(finding));
        break;
    }
  }

  end(result: CheckResult, json: object): void {
    switch (this.format) {
      case 'json': {
        const rest = JSON.stringify(json, null, 2).replace(/^\{\n/, '');
        this.stream.write(`${this.separator === '' ? '' : '\n  '}],\n${rest}\n`);
        break;
      }
      case 'tsv':
        break;
      case 'table':
        for (const line of summaryLines(result, this.counts)) {
          writeLine(this.stream, line);
        }
        break;
    }
  }
}

function findingText(finding: Finding): string {
  const { severity, kind, place, message } = finding;
  const said = `${oneLine(place)}: ${oneLine(message)}`;
  const outcome = severity === 'notice' ? '' : ` (${outcomeText(finding)})`;
  return `${severity === 'notice' ? 'Note' : 'Problem'}: ${findingTexts[kind].title}${outcome}\n  ${said}`;
}

function outcomeText({ outcome, isRepairable, failure }: Finding): string {
  switch (outcome) {
    case 'repaired':
      return 'repaired';
    case 'failed':
      return `could not be repaired: ${oneLine(failure ?? '')}`;
    case 'open':
      return isRepairable ? 'can be repaired' : 'not repaired by itself';
  }
}

function summaryLines(result: CheckResult, counts: ReadonlyMap<FindingKind, number>): string[] {
  const lines: string[] = [];
  if (counts.size > 0) {
    lines.push('', 'What was found:');
    for (const [kind, count] of counts) {
      const { title, meaning, repair } = findingTexts[kind];
      lines.push(`  ${count} x ${title}. ${meaning}${repair === undefined ? '' : ` Repair: ${repair}`}`);
    }
    lines.push('');
  }
  const { experiments, runs, models, journalBytes, problems, repairable, keptFolder } = result;
  lines.push(
    `Checked: experiments ${experiments}, runs ${runs}, versions of models ${models}, journals ${bytesText(journalBytes)}.`,
  );
  const total = problems.open + problems.repaired + problems.failed;
  if (total === 0) {
    lines.push('No problems.');
  } else {
    const left = remainingProblems(result);
    const can = repairable > 0 ? `, ${repairable} of them can be repaired` : '';
    lines.push(`Problems: ${total}; repaired: ${problems.repaired}; left: ${left}${can}.`);
  }
  if (keptFolder !== undefined) {
    lines.push(`What was taken out or replaced is in ${keptFolder}`);
  }
  return lines;
}
