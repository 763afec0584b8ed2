import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkStore } from '../../src/core/store-check/checkStore.ts';
import type { Finding } from '../../src/core/store-check/findings.ts';
import { CheckFindings, checkReport, headline } from '../../src/extension/store/checkReport.ts';
import { inStore, runPlace, storeWithRun } from '../support/damagedStore.ts';

async function report(folder: string, repair: boolean): Promise<string> {
  const findings = new CheckFindings();
  const result = await checkStore(folder, { repair, onFinding: (finding) => findings.add(finding) });
  return checkReport({ workspaceName: 'my *vision*', workspaceFolder: folder, result, findings });
}

it('tells of each kind once, problems before notes, and what became of each', async () => {
  const { folder, ended } = await storeWithRun();
  await rm(inStore(folder, 'snapshots'), { recursive: true });
  await writeFile(join(ended.folder, 'run.json'), '{}');
  await writeFile(join(ended.folder, 'journal', 'cli-999999999-00000000.jsonl'), 'garbage\n');
  const found = await report(folder, false);
  expect(found.split('\n').filter((line) => line.startsWith('#') || line.startsWith('**'))).toEqual([
    '# Store check of my \\*vision\\*',
    '**2 problems were found, which can be repaired.**',
    '## Problems',
    '### A folder is missing (1)',
    '### The record of a run is damaged (1)',
  ]);
  const repaired = await report(folder, true);
  expect(repaired).toContain('**2 problems were repaired.**');
  expect(repaired).toContain('- snapshots: It is missing\\. **Repaired.**');
  expect(repaired).toMatch(/What was taken out or replaced is in .*repaired/);
  const after = await report(folder, false);
  expect(after).toContain('**No problems were found.**');
  expect(after).toContain('## Notes\n\n### Lines in a journal that are no records (1)');
  expect(after).not.toContain('## Problems');
  expect(runPlace(ended)).toContain(ended.runId);
});

it('lists what a person reads, escaped, and counts the rest', () => {
  const findings = new CheckFindings();
  const finding: Finding = {
    kind: 'stray-entry',
    severity: 'problem',
    place: 'experiments/[link](command:x)<b>',
    message: 'It is `not` a folder.',
    isRepairable: true,
    outcome: 'failed',
    failure: '*No space*',
  };
  for (let count = 0; count < 1000; count++) {
    findings.add(finding);
  }
  const problems = { open: 0, repaired: 0, failed: 1000 };
  const counts = { experiments: 1, runs: 0, models: 0, journalBytes: 1234, notices: 0, keptFolder: undefined };
  const text = checkReport({
    workspaceName: 'vision',
    workspaceFolder: '/w',
    result: { ...counts, problems, repairable: 1000 },
    findings,
  });
  expect(text.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(200);
  expect(text).toContain('And 800 more');
  expect(text).toContain('### Something that does not belong there (1000)');
  expect(text).toContain('**Could not be repaired:** \\*No space\\*');
  expect(text).not.toMatch(/\[link\]\(|<b>/);
});

it('sums up in a sentence', () => {
  expect(headline(0, 1, 0)).toBe('1 problem was found.');
  expect(headline(0, 3, 1)).toBe('3 problems were found, 1 of them can be repaired.');
  expect(headline(1, 0, 0)).toBe('1 problem was repaired.');
  expect(headline(4, 1, 0)).toBe('4 problems were repaired. 1 problem is left.');
});
