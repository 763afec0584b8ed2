import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findingTexts } from '../../src/core/store-check/findings.ts';
import { repositoryRoot } from '../support/sourceFolder.ts';

it('the documentation tells of each kind of finding as the check does', async () => {
  const rows = (await readFile(join(repositoryRoot, 'docs', 'store-check.md'), 'utf8'))
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const expected = Object.entries(findingTexts).map(([kind, { title, meaning, repair, severity }]) => {
    const cells = [`\`${kind}\``, `${title}. ${meaning}`];
    return `| ${[...cells, ...(severity === 'problem' ? [repair ?? 'none by itself'] : [])].join(' | ')} |`;
  });
  expect(rows.sort()).toEqual(expected.sort());
});
