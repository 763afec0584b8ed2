/** An option as Python's argument parsers spell it: `--learning-rate`, `-b`. A negative number is none. */
const OPTION = /^--?[A-Za-z][\w.-]*$/;
const ASSIGNMENT = /^(--?[A-Za-z][\w.-]*)=(.*)$/s;

/** The parameters that a command line gives: options with their values, `true` for an option that stands alone. */
export function argumentParameters(words: readonly string[]): readonly (readonly [name: string, value: string])[] {
  const found: [string, string][] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    const assignment = ASSIGNMENT.exec(word);
    if (assignment !== null) {
      found.push([plainName(assignment[1] ?? ''), assignment[2] ?? '']);
    } else if (OPTION.test(word)) {
      const values: string[] = [];
      while (index + 1 < words.length && !isOption(words[index + 1] ?? '')) {
        index += 1;
        values.push(words[index] ?? '');
      }
      found.push([plainName(word), values.length === 0 ? 'true' : values.join(' ')]);
    }
  }
  return found;
}

/** Names that differ in dashes, underscores and case alone mean one parameter: `--batch-size` is logged as `batch_size`. */
export function sameParameter(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}

function isOption(word: string): boolean {
  return OPTION.test(word) || ASSIGNMENT.test(word);
}

function plainName(option: string): string {
  return option.replace(/^--?/, '');
}
