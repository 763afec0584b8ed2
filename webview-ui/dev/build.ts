/**
 * Builds each page with a feed that stands in for the host, to look at it in a browser without VS Code:
 * `node webview-ui/dev/build.ts`, then serve `.cache/webview-dev/` and open `/?theme=dark&scenario=running&tab=metrics` for
 * the run's page, `/<page>.html` for any other, `/notebook.html` for a run in a notebook. Themes: dark, light, hc. Scenarios of a run: running, failed, empty, many,
 * sweep, pipeline, hostile, heavy, crowded, gone.
 */
// biome-ignore lint/style/noRestrictedImports: this is run by Node; only what it builds runs in a browser.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
// biome-ignore lint/style/noRestrictedImports: this is run by Node; only what it builds runs in a browser.
import { dirname, join } from 'node:path';
// biome-ignore lint/style/noRestrictedImports: this is run by Node; only what it builds runs in a browser.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, '..', '..', '.cache', 'webview-dev');

/** The host of each page, and its address. */
const pages = {
  'run-page': { feed: 'feed.ts', html: 'index.html' },
  'compare-page': { feed: 'compareFeed.ts', html: 'compare-page.html' },
  'experiment-page': { feed: 'experimentFeed.ts', html: 'experiment-page.html' },
  'model-page': { feed: 'modelFeed.ts', html: 'model-page.html' },
};

await mkdir(output, { recursive: true });
const result = await build({
  entryPoints: {
    ...Object.fromEntries(
      Object.entries(pages).flatMap(([page, { feed }]) => [
        [page, join(here, '..', page, 'main.ts')],
        [`${page}-feed`, join(here, feed)],
      ]),
    ),
    themes: join(here, 'themes.css'),
  },
  outdir: output,
  bundle: true,
  format: 'iife',
  target: 'es2022',
  minify: true,
  sourcemap: 'inline',
  loader: { '.ttf': 'file' },
  assetNames: '[name]',
  metafile: true,
});
await build({
  entryPoints: { notebook: join(here, 'notebookOutput.ts') },
  outdir: output,
  bundle: true,
  format: 'iife',
  target: 'es2022',
  sourcemap: 'inline',
  // The renderer's styles are texts in its module.
  loader: { '.css': 'text' },
});
await copyFile(join(here, 'notebook.html'), join(output, 'notebook.html'));
const frame = await readFile(join(here, 'index.html'), 'utf8');
for (const [page, { html }] of Object.entries(pages)) {
  await writeFile(join(output, html), frame.replaceAll('PAGE', page));
}
process.stdout.write(`built ${Object.keys(result.metafile.outputs).length} files into ${output}\n`);
