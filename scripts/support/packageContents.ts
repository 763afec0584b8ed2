import { stat } from 'node:fs/promises';
import { readZipEntries } from './zipEntries.ts';

const maximumPackedBytes = 3_000_000;

/** Every file of the package matches one of these. */
const allowed: readonly RegExp[] = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/package(\.nls(\.[a-z-]+)?)?\.json$/,
  /^extension\/(readme|changelog)\.md$/i,
  /^extension\/license(\.(txt|md))?$/i,
  /^extension\/dist\/(extension|cli|mcp-server|catalog-worker|language-server)\.cjs$/,
  /^extension\/dist\/webview\/[a-z-]+\.(js|css|ttf)$/,
  /^extension\/dist\/python\/runledger-[\d.]+-py3-none-any\.whl$/,
  /^extension\/media\/[\w./-]+\.(svg|png|md)$/,
  /^extension\/media\/(languages|snippets)\/[\w.-]+\.json$/,
  /^extension\/python\/runledger_plugins-0\.dist-info\/(METADATA|entry_points\.txt)$/,
  /^extension\/python\/(runledger|compat)\/([\w-]+\/)*(\w+\.py|py\.typed)$/,
];

/** Every one of these is in the package. */
const required: readonly string[] = [
  'extension/package.json',
  'extension/package.nls.json',
  'extension/dist/extension.cjs',
  'extension/dist/cli.cjs',
  'extension/dist/mcp-server.cjs',
  'extension/dist/catalog-worker.cjs',
  'extension/dist/language-server.cjs',
  'extension/dist/webview/run-page.js',
  'extension/dist/webview/run-page.css',
  'extension/dist/webview/compare-page.js',
  'extension/dist/webview/compare-page.css',
  'extension/dist/webview/experiment-page.js',
  'extension/dist/webview/experiment-page.css',
  'extension/dist/webview/notebook-renderer.js',
  'extension/dist/webview/codicon.ttf',
  'extension/python/runledger/__init__.py',
  'extension/python/runledger/supervisor/__main__.py',
  'extension/python/runledger_plugins-0.dist-info/entry_points.txt',
  'extension/python/compat/azureml/core/__init__.py',
  'extension/readme.md',
  'extension/changelog.md',
];

/** What is wrong with a packed extension: files that do not belong, files that are missing, its size. */
export async function checkPackage(file: string): Promise<readonly string[]> {
  const names = (await readZipEntries(file)).map((entry) => entry.name).filter((name) => !name.endsWith('/'));
  const lowerCase = new Set(names.map((name) => name.toLowerCase()));
  const packedBytes = (await stat(file)).size;
  return [
    ...names.filter((name) => !allowed.some((pattern) => pattern.test(name))).map((name) => `does not belong: ${name}`),
    ...required.filter((name) => !lowerCase.has(name.toLowerCase())).map((name) => `is missing: ${name}`),
    ...(names.some((name) => name.endsWith('.whl')) ? [] : ['is missing: the wheel of the SDK']),
    ...(packedBytes > maximumPackedBytes ? [`is larger than ${maximumPackedBytes} bytes: ${packedBytes}`] : []),
  ];
}
