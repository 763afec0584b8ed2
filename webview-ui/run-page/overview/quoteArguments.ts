/** Arguments as a shell would take them, so that a copy can be pasted. */
export function quoteArguments(values: readonly string[]): string {
  return values
    .map((value) => (/^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}
