import { html, nothing, type TemplateResult } from 'lit';
import { type IconName, icon } from '../../shared/icons.ts';
import type { RunSession } from '../runSession.ts';
import { isLog } from './logFiles.ts';

/** What can be done with any file of a run. */
export function fileTools(session: RunSession, path: string): TemplateResult {
  const tool = (name: IconName, label: string, action: FileAction): TemplateResult =>
    html`<button class="icon-button" title=${label} aria-label=${label} @click=${() => session.act({ action, path })}>${icon(name)}</button>`;
  return html`${tool('go-to-file', 'Open in the editor', 'openFile')} ${tool('save-as', 'Save as…', 'saveFile')}
  ${tool('folder-opened', 'Reveal in its folder', 'revealFile')}
  ${isLog(path) ? nothing : tool('package', 'Register as a model…', 'registerModel')}`;
}

type FileAction = 'openFile' | 'saveFile' | 'revealFile' | 'registerModel';
