import { type PythonTokens, tokenize } from './pythonTokens.ts';
import { wordPlaces } from './wordPlaces.ts';

/** What a file imports from a module by `from … import …`: the name here, and the name there. */
export function importedNames(text: string, moduleName: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const place of wordPlaces(text, ['from'])) {
    readImport(importTokens(text, place), moduleName, names);
  }
  return names;
}

/** The tokens of the line, or to the closing parenthesis of one that goes over several. */
function importTokens(text: string, place: number): PythonTokens {
  let depth = 0;
  return tokenize(text, place, (read) => {
    const index = read.length - 1;
    depth += read.isOperator(index, '(') ? 1 : read.isOperator(index, ')') ? -1 : 0;
    return depth === 0 && index > 0 && read.isFirstOfLine(index);
  });
}

function readImport(tokens: PythonTokens, moduleName: string, names: Map<string, string>): void {
  if (tokens.textAt(1) !== moduleName || tokens.textAt(2) !== 'import') {
    return;
  }
  const isInParentheses = tokens.isOperator(3, '(');
  for (let index = 3; index < tokens.length; index++) {
    if (tokens.isOperator(index, ')') || (!isInParentheses && tokens.isFirstOfLine(index))) {
      return;
    }
    if (tokens.isName(index)) {
      const isRenamed = tokens.textAt(index + 1) === 'as';
      names.set(tokens.textAt(isRenamed ? index + 2 : index), tokens.textAt(index));
      index += isRenamed ? 2 : 0;
    }
  }
}
