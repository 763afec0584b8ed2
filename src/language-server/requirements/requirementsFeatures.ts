/** Requirements files of pip: what they include, and what is stood for here. */
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Diagnostic, DiagnosticSeverity, MarkupKind } from 'vscode-languageserver-types';
import { isProvidedPackage, packageName } from '../../core/environments/pipRequirements.ts';
import { diagnosticCodes, source } from '../diagnostics/diagnosticCodes.ts';
import { rangeOf } from '../documents/textRanges.ts';
import type { FileFeatures, OpenFile } from '../fileFeatures.ts';

interface Inclusion {
  readonly path: string;
  readonly text: string;
  readonly start: number;
}

export const requirementsFeatures: FileFeatures = {
  async diagnostics(file) {
    const found = await Promise.all(
      inclusionsOf(file).map(async ({ path, text, start }): Promise<readonly Diagnostic[]> => {
        if (await file.world.isFile(path)) {
          return [];
        }
        const range = rangeOf(file.document, start, start + text.length);
        const message = `There is no file ${text} beside this one.`;
        const { missingFile: code } = diagnosticCodes;
        return [{ range, severity: DiagnosticSeverity.Warning, source, code, message }];
      }),
    );
    return found.flat();
  },

  async links(file) {
    const links = await Promise.all(
      inclusionsOf(file).map(async ({ path, text, start }) =>
        (await file.world.isFile(path))
          ? [{ range: rangeOf(file.document, start, start + text.length), target: pathToFileURL(path).href }]
          : [],
      ),
    );
    return links.flat();
  },

  hover({ document }, { line }) {
    const text = document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } }).trimEnd();
    const name = packageName(text.replace(/(^|\s)#.*$/, '').trim());
    return name !== undefined && isProvidedPackage(name)
      ? {
          contents: {
            kind: MarkupKind.Markdown,
            value: `Runledger stands for \`${name}\` itself: pip is not asked for it.`,
          },
        }
      : undefined;
  },
};

/** Files of this machine that are named behind `-r` and `-c`. */
function inclusionsOf({ document, path }: OpenFile): readonly Inclusion[] {
  const pattern = /^[ \t]*(?:-r|-c|--requirement|--constraint)(?:[ \t]+|=)["']?([^\s"'#]+)/gm;
  return [...document.getText().matchAll(pattern)].flatMap((match): readonly Inclusion[] => {
    const text = match[1] ?? '';
    const start = match.index + match[0].length - text.length;
    // Variables are put in by pip.
    return /^[a-z]+:\/\/|\$\{/i.test(text) ? [] : [{ text, start, path: resolve(dirname(path), text) }];
  });
}
