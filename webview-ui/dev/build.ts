/**
 * Builds the run's page with a feed that stands in for the host, to look at it in a browser without VS Code:
 * `node webview-ui/dev/build.ts`, then serve `.cache/webview-dev/` and open `/?theme=dark&scenario=running&tab=metrics`.
 * Themes: dark, light, hc. Scenarios: running, failed, empty, many, sweep, gone.
 */
// biome-ignore lint/style/noRestrictedImports: this is run by Node; only what it builds runs in a browser.
import { copyFile, mkdir } from 'node:fs/promises';
// biome-ignore lint/style/noRestrictedImports: this is run by Node; only what it builds runs in a browser.
import { dirname, join } from 'node:path';
// biome-ignore lint/style/noRestrictedImports: this is run by Node; only what it builds runs in a browser.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, '..', '..', '.cache', 'webview-dev');

await mkdir(output, { recursive: true });
const result = await build({
  entryPoints: {
    'run-page': join(here, '..', 'run-page', 'main.ts'),
    feed: join(here, 'feed.ts'),
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
await copyFile(join(here, 'index.html'), join(output, 'index.html'));
process.stdout.write(`built ${Object.keys(result.metafile.outputs).length} files into ${output}\n`);
