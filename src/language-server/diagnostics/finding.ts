import { DiagnosticSeverity } from 'vscode-languageserver-types';

/** What is said of one thing; `data` is for the code actions. */
export interface Finding {
  readonly code: string;
  readonly message: string;
  readonly severity: DiagnosticSeverity;
  readonly data?: object;
}

export function warning(code: string, message: string): Finding {
  return { code, message, severity: DiagnosticSeverity.Warning };
}
