/** The program of the language server. The editor's arguments say how they talk: `--node-ipc` or `--stdio`. */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { serve } from './server.ts';

serve(createConnection(ProposedFeatures.all));
