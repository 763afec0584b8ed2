import { css, html, type TemplateResult } from 'lit';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import MarkdownIt from 'markdown-it';
import { lazy } from './lazy.ts';

/**
 * HTML in the text stays text, and images stay links: the page loads nothing from elsewhere. What comes out is made of
 * the parser's own tags alone, with every text escaped; the page's content security policy allows no script and no style.
 */
const parser = lazy(() => {
  const made = new MarkdownIt({ html: false, linkify: true, breaks: false }).disable('image');
  // The alignment of a table's column would be a style attribute, which the policy refuses.
  made.core.ruler.push('no_styles', (state) => {
    for (const token of state.tokens) {
      token.attrs = token.attrs?.filter(([name]) => name !== 'style') ?? null;
    }
  });
  return made;
});

/** Markdown as elements. The text may be anybody's. */
export function markdown(text: string): TemplateResult {
  return html`<div class="markdown">${unsafeHTML(parser().render(text))}</div>`;
}

export const markdownStyles = css`
  .markdown {
    overflow-wrap: anywhere;
    line-height: calc(19 * var(--rl-unit));
  }
  .markdown a {
    text-decoration: underline;
  }
  .markdown > :first-child {
    margin-top: 0;
  }
  .markdown > :last-child {
    margin-bottom: 0;
  }
  .markdown p,
  .markdown ul,
  .markdown ol,
  .markdown blockquote,
  .markdown table,
  .markdown pre {
    margin: 0 0 8px;
  }
  .markdown ul,
  .markdown ol {
    padding-inline-start: 20px;
  }
  .markdown h1,
  .markdown h2,
  .markdown h3,
  .markdown h4,
  .markdown h5,
  .markdown h6 {
    margin: 12px 0 6px;
    font-size: calc(13 * var(--rl-unit));
    line-height: calc(18 * var(--rl-unit));
    font-weight: 600;
  }
  .markdown h1 {
    font-size: calc(15 * var(--rl-unit));
    line-height: calc(20 * var(--rl-unit));
  }
  .markdown code {
    padding: 1px 4px;
    font-family: var(--rl-mono);
    font-size: 0.9em;
    background: var(--vscode-textCodeBlock-background, var(--rl-fill));
    border-radius: var(--rl-radius);
  }
  .markdown pre {
    padding: 8px 10px;
    overflow: auto;
    background: var(--vscode-textCodeBlock-background, var(--rl-fill));
    border-radius: var(--rl-radius);
  }
  .markdown pre code {
    padding: 0;
    background: none;
  }
  .markdown blockquote {
    padding-inline-start: 10px;
    color: var(--rl-secondary);
    border-inline-start: 2px solid var(--rl-line);
  }
  .markdown table {
    border-collapse: collapse;
  }
  .markdown th,
  .markdown td {
    padding: 2px 8px;
    border: 1px solid var(--rl-line);
    text-align: start;
  }
  .markdown hr {
    border: 0;
    border-top: 1px solid var(--rl-line);
  }
`;
