import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..', '..');
const biome = path.join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');

const forbidden: readonly (readonly [file: string, imported: string])[] = [
  ['src/core/store/probe.ts', 'vscode'],
  ['src/core/store/probe.ts', '../../extension/probe.ts'],
  ['src/core/store/probe.ts', '../../cli/main.ts'],
  ['src/core/store/probe.ts', '../../language-server/main.ts'],
  ['src/core/store/probe.ts', '../../protocol/runPage.ts'],
  ['src/core/store/probe.ts', '../../../webview-ui/run-page/main.ts'],
  ['src/protocol/probe.ts', 'vscode'],
  ['src/protocol/probe.ts', 'node:fs'],
  ['src/protocol/probe.ts', 'lit'],
  ['src/protocol/probe.ts', '../core/base/errors.ts'],
  ['src/protocol/probe.ts', '../extension/extension.ts'],
  ['src/protocol/probe.ts', '../../webview-ui/run-page/main.ts'],
  ['src/cli/probe.ts', 'vscode'],
  ['src/cli/commands/probe.ts', '../../extension/extension.ts'],
  ['src/cli/probe.ts', '../protocol/runPage.ts'],
  ['src/cli/probe.ts', '../../webview-ui/run-page/main.ts'],
  ['src/language-server/probe.ts', 'vscode'],
  ['src/language-server/probe.ts', '../extension/extension.ts'],
  ['src/language-server/probe.ts', '../cli/main.ts'],
  ['src/extension/probe.ts', '../language-server/server.ts'],
  ['src/extension/views/probe.ts', '../../../webview-ui/run-page/main.ts'],
  ['src/extension/probe.ts', '../cli/main.ts'],
  ['webview-ui/run-page/probe.ts', 'vscode'],
  ['webview-ui/run-page/probe.ts', 'node:fs'],
  ['webview-ui/run-page/probe.ts', 'node:fs/promises'],
  ['webview-ui/run-page/probe.ts', '../../src/core/base/errors.ts'],
  ['webview-ui/run-page/probe.ts', '../../src/extension/extension.ts'],
  ['webview-ui/run-page/probe.ts', '../../src/cli/main.ts'],
  ['webview-ui/run-page/probe.ts', '../experiment-page/main.ts'],
  ['webview-ui/model-page/probe.ts', '../run-page/main.ts'],
  ['webview-ui/model-page/probe.ts', '../../src/core/base/errors.ts'],
  ['webview-ui/charts/probe.ts', '../run-page/main.ts'],
  ['webview-ui/shared/probe.ts', '../experiment-page/main.ts'],
  ['webview-ui/shared/probe.ts', 'node:fs'],
];

const allowed: readonly (readonly [file: string, imported: string])[] = [
  ['src/core/store/probe.ts', '../base/errors.ts'],
  ['src/core/store/probe.ts', 'node:fs/promises'],
  ['src/protocol/probe.ts', './wire.ts'],
  ['src/cli/commands/probe.ts', '../../core/base/errors.ts'],
  ['src/language-server/probe.ts', '../core/base/errors.ts'],
  ['src/language-server/probe.ts', '../protocol/probe.ts'],
  ['src/extension/views/probe.ts', 'vscode'],
  ['src/extension/views/probe.ts', '../../core/base/errors.ts'],
  ['src/extension/views/probe.ts', '../../protocol/runPage.ts'],
  ['webview-ui/run-page/probe.ts', '../../src/protocol/runPage.ts'],
  ['webview-ui/run-page/probe.ts', '../shared/probe.ts'],
  ['webview-ui/run-page/probe.ts', 'lit'],
  ['webview-ui/compare-page/probe.ts', '../charts/probe.ts'],
  ['webview-ui/dev/probe.ts', '../run-page/main.ts'],
];

const cases = [
  ...forbidden.map(([file, imported]) => ({ file, imported, isAllowed: false })),
  ...allowed.map(([file, imported]) => ({ file, imported, isAllowed: true })),
];

interface LintReport {
  readonly diagnostics: readonly { readonly category: string; readonly location: { readonly path: string } }[];
}

/** Lints a folder that holds the repository's rules and one file for each case, named after the case's number. */
async function lintCases(folder: string): Promise<ReadonlySet<string>> {
  await cp(path.join(root, 'biome.json'), path.join(folder, 'biome.json'));
  for (const [index, { file, imported }] of cases.entries()) {
    const probe = path.join(folder, probeFile(file, index));
    await mkdir(path.dirname(probe), { recursive: true });
    await writeFile(probe, `import { thing } from '${imported}';\n\nexport const used = thing;\n`);
  }
  const args = ['lint', '--only=style/noRestrictedImports', '--reporter=json', '--max-diagnostics=none', '.'];
  const output = await new Promise<string>((resolve) => {
    // Exits with 1 when it finds something, which it has to.
    execFile(process.execPath, [biome, ...args], { cwd: folder }, (_, stdout) => resolve(stdout));
  });
  const report = JSON.parse(output) as LintReport;
  return new Set(
    report.diagnostics
      .filter((diagnostic) => diagnostic.category === 'lint/style/noRestrictedImports')
      .map((diagnostic) => diagnostic.location.path.replaceAll('\\', '/')),
  );
}

function probeFile(file: string, index: number): string {
  return file.replace('probe.ts', `probe${index}.ts`);
}

describe('the layers', () => {
  let folder = '';
  let refused: ReadonlySet<string> = new Set();

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'runledger-layers-'));
    refused = await lintCases(folder);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  for (const [index, { file, imported, isAllowed }] of cases.entries()) {
    it(`${file} ${isAllowed ? 'may' : 'may not'} import ${imported}`, () => {
      expect(refused.has(probeFile(file, index))).toBe(!isAllowed);
    });
  }
});
