/**
 * `python train.py --lr 0.1`: without anything that only a shell understands. A character for private use may stand for a text that is
 * put in later.
 */
const pattern = /^python3?[ \t]+([\w./-]+\.py)((?:[ \t]+[\w.,:=/@%+\uE000-\uF8FF-]+)*)$/;

/** The script of a command, and its arguments; undefined where a shell has to read it. */
export function plainScriptOf(
  command: string,
): { readonly script: string; readonly words: readonly string[] } | undefined {
  // Lines that a backslash joins are one; any other line is a command of its own.
  const line = command.trim().replaceAll(/\s*\\\r?\n\s*/g, ' ');
  const [, script, words = ''] = pattern.exec(line) ?? [];
  return script === undefined ? undefined : { script, words: words.split(/\s+/).filter((word) => word !== '') };
}
