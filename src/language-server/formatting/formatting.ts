import { isDeepStrictEqual } from 'node:util';
import { format as formatJson } from 'jsonc-parser';
import type { FormattingOptions, TextEdit } from 'vscode-languageserver-types';
import { rangeOf } from '../documents/textRanges.ts';
import { nodesOf, parseYaml, textOf, type YamlText, yamlOf } from '../documents/yamlText.ts';
import type { OpenFile } from '../fileFeatures.ts';

/** Indentation and blanks alone. A text that would come to say something else, or lose a comment, is left as it is. */
export function formattingOf({ document }: OpenFile, options: FormattingOptions): readonly TextEdit[] {
  const yaml = yamlOf(document);
  const { text } = yaml;
  if (yaml.document.errors.length > 0 || text.trim() === '') {
    return [];
  }
  if (isJson(text)) {
    const edits = formatJson(text, undefined, {
      tabSize: options.tabSize,
      insertSpaces: options.insertSpaces,
      eol: '\n',
    });
    return edits.map(({ offset, length, content }) => ({
      range: rangeOf(document, offset, offset + length),
      newText: content,
    }));
  }
  const formatted = formatYaml(yaml, options.tabSize);
  return formatted === undefined || formatted === text
    ? []
    : [{ range: rangeOf(document, 0, text.length), newText: formatted }];
}

function formatYaml(yaml: YamlText, indent: number): string | undefined {
  const formatted = yaml.document.toString({ indent, lineWidth: 0, flowCollectionPadding: false });
  const again = parseYaml(formatted);
  const isSame =
    again.document.errors.length === 0 &&
    isDeepStrictEqual(contentOf(again), contentOf(yaml)) &&
    isDeepStrictEqual(commentsOf(formatted), commentsOf(yaml.text));
  return isSame ? formatted : undefined;
}

/** Every scalar as it is written, by its path. */
function contentOf({ document }: YamlText): readonly unknown[] {
  return [...nodesOf(document.contents)].map(({ node, path }) => [path, textOf(node)]);
}

function commentsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:^|\s)(#.*)$/gm)].map(([, comment = '']) => comment.trim());
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
