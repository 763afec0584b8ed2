import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { test } from './support/devPages.ts';

const themes = ['dark', 'light', 'hc'] as const;

/** Each page in a state that shows most of it, and the element that is there once it is. */
const pages: readonly {
  readonly name: string;
  /** Of another page than that of a run. */
  readonly file?: string;
  readonly query: string;
  readonly shown: string;
}[] = [
  { name: 'overview', query: 'scenario=running&tab=overview', shown: 'runledger-run-attributes dd' },
  { name: 'overview of a failure', query: 'scenario=failed&tab=overview', shown: 'runledger-traceback' },
  { name: 'metrics', query: 'scenario=running&tab=metrics', shown: 'runledger-metrics-tab canvas' },
  { name: 'images', query: 'scenario=running&tab=images', shown: 'runledger-images-tab img' },
  { name: 'tables', query: 'scenario=running&tab=tables', shown: 'runledger-data-table td' },
  { name: 'child runs', query: 'scenario=sweep&tab=children', shown: 'runledger-data-table td' },
  { name: 'steps of a pipeline', query: 'scenario=pipeline&tab=children', shown: 'runledger-step-graph .step' },
  { name: 'outputs and logs', query: 'scenario=running&tab=files&lines=140', shown: 'runledger-log-viewer .line' },
  { name: 'snapshot', query: 'scenario=running&tab=snapshot', shown: 'runledger-file-tree .row' },
  { name: 'a model', file: 'model-page.html', query: 'scenario=versions', shown: 'runledger-version-detail dd' },
  {
    name: 'a model of others',
    file: 'model-page.html',
    query: 'scenario=hostile',
    shown: 'runledger-version-detail dd',
  },
  { name: 'a run without anything', query: 'scenario=empty&tab=files', shown: '.empty' },
  {
    name: 'experiment',
    file: 'experiment-page.html',
    query: 'sorted&pinned',
    shown: 'runledger-overlaid-chart canvas',
  },
  {
    name: 'experiment in groups',
    file: 'experiment-page.html',
    query: 'grouped',
    shown: 'runledger-runs-table .group',
  },
  { name: 'a run in a notebook', file: 'notebook.html', query: 'sweep', shown: 'runledger-run-widget canvas' },
  { name: 'comparison', file: 'compare-page.html', query: 'runs=3', shown: 'runledger-overlaid-chart canvas' },
];

/** The serious and critical findings, each as a line that names the rule and the first places. */
async function seriousFindings(axe: AxeBuilder): Promise<string[]> {
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ help, nodes }) => {
      const places = nodes.slice(0, 3).map(({ html }) => html);
      return `${help} (${nodes.length}): ${places.join(' ')}`;
    });
}

// What a failure says is in the findings; a trace of each page would take longer than axe does.
test.use({ trace: 'off', screenshot: 'off' });

for (const theme of themes) {
  test(`pages have no serious finding of axe, ${theme}`, async ({ page, devPages }) => {
    for (const { name, file = '', query, shown } of pages) {
      await devPages.open(page, `/${file}?theme=${theme}&${query}`);
      await page.locator(shown).first().waitFor();
      const axe = new AxeBuilder({ page });
      // Between themes only colours differ.
      expect
        .soft(await seriousFindings(theme === 'dark' ? axe : axe.withRules('color-contrast')), `${name}, ${theme}`)
        .toEqual([]);
    }
  });
}
