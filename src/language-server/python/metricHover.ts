import { RunledgerError } from '../../core/base/errors.ts';
import type { MetricSummary } from '../../core/domain/metric.ts';
import type { RunDetails } from '../../core/domain/run.ts';
import { editorCommands } from '../../protocol/languageServer.ts';
import { curveColumns, curveImage } from './curveImage.ts';
import { bestText, valueText } from './metricText.ts';
import type { ScriptRuns } from './scriptRuns.ts';

/** What a hover over the name of a metric says, in Markdown; undefined where none of the script's last runs has it. */
export async function metricHover({ catalog, runs }: ScriptRuns, name: string): Promise<string | undefined> {
  const having = runs.flatMap((run) => {
    const metric = run.metrics.find((candidate) => candidate.name === name);
    return metric === undefined ? [] : [{ run, metric }];
  });
  const [latest] = having;
  if (latest === undefined) {
    return undefined;
  }
  const picture = await pictureOf(latest.run, latest.metric);
  const rows = having.map(({ run, metric }) =>
    [
      linkTo(run),
      run.summary.status,
      valueText(metric.last),
      bestText(metric) ?? rangeText(metric),
      String(metric.count),
    ]
      .map((cell, index) => (index === 0 ? cell : `&nbsp;&nbsp;${escaped(cell)}`))
      .join(' | '),
  );
  return [
    `**${escaped(name)}** in the last runs of this script`,
    ...(picture === undefined ? [] : [`![curve of the latest run](${picture})`, escaped(rangeSentence(latest.metric))]),
    [
      'Run | &nbsp;&nbsp;State | &nbsp;&nbsp;Last | &nbsp;&nbsp;Best | &nbsp;&nbsp;Points',
      '--- | --- | ---: | ---: | ---:',
      ...rows,
    ].join('\n'),
  ].join('\n\n');

  async function pictureOf({ summary }: RunDetails, { kind, isNumeric }: MetricSummary): Promise<string | undefined> {
    if (kind === 'row' || kind === 'table' || !isNumeric) {
      return undefined;
    }
    try {
      const query = { runId: summary.id, metric: name, axis: 'step', width: curveColumns } as const;
      return curveImage(await catalog.series(query));
    } catch (error) {
      // Deleted meanwhile: the figures are still true.
      if (RunledgerError.is(error)) {
        return undefined;
      }
      throw error;
    }
  }

  function linkTo({ summary }: RunDetails): string {
    const target = { workspaceFolder: catalog.workspace.folder, runId: summary.id };
    const label =
      summary.displayName === undefined ? `#${summary.number}` : `#${summary.number} ${summary.displayName}`;
    return `[${escaped(label)}](command:${editorCommands.openRun}?${encodeURIComponent(JSON.stringify([target]))})`;
  }
}

function rangeText({ min, max }: MetricSummary): string {
  return min === undefined || max === undefined ? '' : `${valueText(min.value)} to ${valueText(max.value)}`;
}

/** What the picture's upper and lower edge are. */
function rangeSentence({ min, max }: MetricSummary): string {
  return min === undefined || max === undefined
    ? ''
    : `From ${valueText(min.value)} (${placeText(min.x)}) to ${valueText(max.value)} (${placeText(max.x)})`;
}

function placeText(x: number): string {
  return `step ${valueText(x)}`;
}

/** Nothing in a text of a run becomes a link, an image, an icon or a cell of the table. */
function escaped(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 79)}…` : text;
  return short
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]()#+\-.!|~$:@/<>&]/g, (character) => `&#${character.charCodeAt(0)};`);
}
