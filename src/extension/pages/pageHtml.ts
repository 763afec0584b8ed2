import { randomBytes } from 'node:crypto';

export interface PageHtmlOptions {
  /** Name of the page's custom element, which its script defines. */
  readonly element: string;
  /** The webview's own source of resources (`webview.cspSource`). */
  readonly cspSource: string;
  readonly scriptUri: string;
  readonly styleUri: string;
  /** BCP 47, for `lang`. */
  readonly language: string;
}

/**
 * The document that loads the page's bundle. Only that script runs (by nonce), only the extension's and the run's files
 * load, there is no network, and no style stands in the markup: the page sets styles through the object model.
 */
export function pageHtml(options: PageHtmlOptions): string {
  const nonce = randomBytes(18).toString('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${options.cspSource}`,
    `font-src ${options.cspSource}`,
    `img-src ${options.cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="${attribute(options.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${attribute(options.styleUri)}">
<title>Runledger</title>
</head>
<body data-has-extension>
<${options.element}></${options.element}>
<script type="module" nonce="${nonce}" src="${attribute(options.scriptUri)}"></script>
</body>
</html>
`;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
