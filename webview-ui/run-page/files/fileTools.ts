import { html, type TemplateResult } from 'lit';
import { icon } from '../../shared/icons.ts';
import type { RunSession } from '../runSession.ts';

/** What can be done with any file of a run. */
export function fileTools(session: RunSession, path: string): TemplateResult {
  const tool = (name: 'go-to-file' | 'save-as' | 'folder-opened', label: string, action: FileAction): TemplateResult =>
    html`<button class="icon-button" title=${label} aria-label=${label} @click=${() => session.act({ action, path })}>${icon(name)}</button>`;
  return html`${tool('go-to-file', 'Open in the editor', 'openFile')} ${tool('save-as', 'Save as…', 'saveFile')}
  ${tool('folder-opened', 'Reveal in its folder', 'revealFile')}`;
}

type FileAction = 'openFile' | 'saveFile' | 'revealFile';
