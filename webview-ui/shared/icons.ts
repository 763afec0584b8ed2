import { html, type TemplateResult } from 'lit';

/** The codicons that the pages use, by their names in the font. */
export const codePoints = {
  'arrow-down': 0xea9a,
  beaker: 0xea79,
  calendar: 0xeab0,
  check: 0xeab2,
  'chevron-down': 0xeab4,
  'chevron-right': 0xeab6,
  'circle-slash': 0xeabd,
  clock: 0xea82,
  close: 0xea76,
  code: 0xeac4,
  copy: 0xebcc,
  'debug-disconnect': 0xead0,
  'debug-stop': 0xead7,
  ellipsis: 0xea7c,
  error: 0xea87,
  file: 0xea7b,
  'file-binary': 0xeae8,
  'file-media': 0xeaea,
  'file-pdf': 0xeaeb,
  'file-zip': 0xeaef,
  folder: 0xea83,
  'folder-opened': 0xeaf7,
  'fold-down': 0xeaf3,
  'git-branch': 0xec6f,
  'go-to-file': 0xea94,
  info: 0xea74,
  json: 0xeb0f,
  'list-filter': 0xeb83,
  loading: 0xeb19,
  markdown: 0xeb1d,
  package: 0xeb29,
  pin: 0xeb2b,
  pinned: 0xeba0,
  pass: 0xeba4,
  'file-text': 0xec5e,
  python: 0xec39,
  refresh: 0xeb37,
  'screen-full': 0xeb4c,
  'screen-normal': 0xeb4d,
  search: 0xea6d,
  server: 0xeb50,
  table: 0xebb7,
  trash: 0xea81,
  warning: 0xea6c,
  'word-wrap': 0xeb80,
} as const;

export type IconName = keyof typeof codePoints;

/** An icon beside words: screen readers don't see it. */
export function icon(name: IconName, extraClass = ''): TemplateResult {
  return html`<span class="icon ${extraClass}" aria-hidden="true">${String.fromCodePoint(codePoints[name])}</span>`;
}
