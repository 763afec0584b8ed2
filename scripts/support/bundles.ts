import { existsSync } from 'node:fs';
import { chmod, glob, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { distFolder, rootFolder, testOutputFolder } from './paths.ts';
import { TaskError } from './taskError.ts';
import { buildWheel } from './wheel.ts';

/** `development` has source maps, `package` is what is shipped. */
export type BuildMode = 'development' | 'package';

const extensionEntry = 'src/extension/extension.ts';
const cliEntry = 'src/cli/main.ts';
const languageServerEntry = 'src/language-server/main.ts';
const mcpEntry = 'src/cli/mcp/mcpServer.ts';
const workerEntry = 'src/core/catalog/catalogWorker.ts';
/** Each is a bundle of its own in `dist/webview/`. The names are those of `PageBundle` in `src/extension/pages/pageView.ts`. */
const pages = ['run-page', 'experiment-page', 'compare-page', 'model-page'] as const;
const pageEntries = Object.fromEntries(pages.map((page) => [page, `webview-ui/${page}/main.ts`]));
/** A module that VS Code loads into the frame of a notebook's outputs. Its styles are texts, since it has no page of its own. */
const rendererEntry = 'webview-ui/notebook-renderer/main.ts';
const inEditorEntry = 'test/in-editor/index.ts';
const inEditorTests = 'test/in-editor/**/*.test.ts';

const commonOptions = {
  absWorkingDir: rootFolder,
  bundle: true,
  write: false,
  logLevel: 'warning',
  legalComments: 'none',
  charset: 'utf8',
} as const satisfies BuildOptions;

/** For VS Code's extension host and for Node: one CommonJS file. */
const nodeOptions = {
  ...commonOptions,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  mainFields: ['module', 'main'],
  external: ['vscode'],
  // The same source runs unbundled, as an ES module.
  define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
  logOverride: { 'empty-import-meta': 'error' },
} as const satisfies BuildOptions;

/** The command loads its agents' protocol from a file of its own, when it is asked to serve them. */
const mcpApart: Plugin = {
  name: 'mcp-apart',
  setup: (bundle) => {
    bundle.onResolve({ filter: /\/mcp\/mcpServer\.ts$/ }, () => ({ path: './mcp-server.cjs', external: true }));
  },
};

/** What is shipped keeps its names, for the stack traces in people's logs. */
function debugOptions(mode: BuildMode): BuildOptions {
  return mode === 'development'
    ? { sourcemap: 'linked' }
    : { sourcemap: false, minifySyntax: true, minifyWhitespace: true };
}

/** Builds the extension, the command, the pages and the SDK's wheel. dist/ is replaced once all of them are built. */
export async function buildProduct(mode: BuildMode): Promise<void> {
  requireEntries([
    extensionEntry,
    cliEntry,
    mcpEntry,
    workerEntry,
    languageServerEntry,
    rendererEntry,
    ...Object.values(pageEntries),
  ]);
  const cliFile = path.join(distFolder, 'cli.cjs');
  const results = await Promise.all([
    build({
      ...nodeOptions,
      ...debugOptions(mode),
      entryPoints: [extensionEntry],
      outfile: path.join(distFolder, 'extension.cjs'),
    }),
    build({
      ...nodeOptions,
      ...debugOptions(mode),
      entryPoints: [cliEntry],
      outfile: cliFile,
      plugins: [mcpApart],
    }),
    build({
      ...nodeOptions,
      ...debugOptions(mode),
      minify: mode === 'package',
      entryPoints: [mcpEntry],
      outfile: path.join(distFolder, 'mcp-server.cjs'),
    }),
    build({
      ...nodeOptions,
      ...debugOptions(mode),
      entryPoints: [workerEntry],
      outfile: path.join(distFolder, 'catalog-worker.cjs'),
    }),
    build({
      ...nodeOptions,
      ...debugOptions(mode),
      entryPoints: [languageServerEntry],
      outfile: path.join(distFolder, 'language-server.cjs'),
    }),
    build({
      ...commonOptions,
      ...debugOptions(mode),
      minify: true,
      platform: 'browser',
      format: 'iife',
      target: 'es2022',
      entryPoints: pageEntries,
      outdir: path.join(distFolder, 'webview'),
      loader: { '.ttf': 'file' },
      assetNames: '[name]',
    }),
    build({
      ...commonOptions,
      ...debugOptions(mode),
      minify: true,
      platform: 'browser',
      format: 'esm',
      target: 'es2022',
      entryPoints: [rendererEntry],
      outfile: path.join(distFolder, 'webview', 'notebook-renderer.js'),
      loader: { '.css': 'text' },
    }),
  ]);
  await rm(distFolder, { recursive: true, force: true });
  for (const { path: file, contents } of results.flatMap((result) => result.outputFiles ?? [])) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, contents);
  }
  await chmod(cliFile, 0o755);
  await buildWheel(path.join(distFolder, 'python'));
}

/** Builds the tests that run inside the extension host. Returns the file that exports `run()`. */
export async function buildInEditorTests(): Promise<string> {
  const tests: string[] = [];
  for await (const file of glob(inEditorTests, { cwd: rootFolder })) {
    tests.push(file);
  }
  const folder = path.join(testOutputFolder, 'in-editor', 'bundles');
  await rm(folder, { recursive: true, force: true });
  await build({
    ...nodeOptions,
    write: true,
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    entryPoints: [inEditorEntry, ...tests],
    outbase: 'test/in-editor',
    outdir: folder,
    outExtension: { '.js': '.cjs' },
  });
  return path.join(folder, 'index.cjs');
}

function requireEntries(entries: readonly string[]): void {
  const missing = entries.filter((entry) => !existsSync(path.join(rootFolder, entry)));
  if (missing.length > 0) {
    throw new TaskError(`The build needs files that are not there: ${missing.join(', ')}.`);
  }
}
