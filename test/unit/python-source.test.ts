import { describe, expect, it } from 'vitest';
import { findLogCalls } from '../../src/core/python-source/logCalls.ts';
import { findScriptArguments } from '../../src/core/python-source/scriptArguments.ts';

/** What is logged, call by call; every place holds what it says. */
function logged(text: string): string[][] {
  return findLogCalls(text).map(({ names }) => names.map(({ name }) => name));
}

describe('log calls in a Python file', () => {
  it('are found with names, keywords and dictionaries, over several lines', () => {
    const text = [
      'run.log("loss", loss)',
      'run.log(name="a", value=1)',
      'self.run.log(',
      '    "several",  # with ) a comment',
      '    value=f(x, [1, 2], {"k": ")"}),',
      ')',
      "run.log({'train/loss': 1, 'train/acc': f({'x': 1}), **more}, step=i)",
      'run.log_list("list", [1]); run.log_row("row", x=1)',
      'Run.get_context().log("chained", 1)',
    ].join('\n');
    expect(logged(text)).toEqual([
      ['loss'],
      ['a'],
      ['several'],
      ['train/loss', 'train/acc'],
      ['list'],
      ['row'],
      ['chained'],
    ]);
    for (const { names, start, end } of findLogCalls(text)) {
      expect(text.slice(start, start + 3)).toBe('log');
      expect(text[end - 1]).toBe(')');
      for (const { name, start: from, end: to } of names) {
        expect(text.slice(from, to)).toBe(name);
      }
    }
  });

  it("are found by MLflow's names, renamed ones too", () => {
    const text = [
      'import mlflow as ml',
      'from mlflow import (log_metric as lm,',
      '    log_metrics)  # log_metric',
      'from other import log_param',
      'ml.log_metric("a", 1)',
      'lm("b", 2, step=3)',
      'log_metrics({"c": 1, "d": 2})',
      'client.log_metric(run_id, "e", 1)',
      'ml.log_metric(key="f", value=1)',
      'log_param("g", 1)',
      'def log_metrics(x): pass',
    ].join('\n');
    expect(logged(text)).toEqual([['a'], ['b'], ['c', 'd'], ['e'], ['f']]);
  });

  it('are not found in strings and comments, nor where the name is only known at run time', () => {
    const text = [
      '# run.log("comment", 1)',
      'doc = """',
      'run.log("docstring", 1)',
      '"""',
      'x = "run.log(\\"quoted\\", 1)" + \'\\\'run.log("x")\'',
      'run.log(f"{k}", 1)',
      'run.log(rb"x" f"fold {k}", 1)',
      'run.log(unknown, 1)',
      'run.log(name + "x", 1)',
      'run.log(b"bytes", 1)',
      'logger.log(10, "message")',
      'math.log(2)',
      'def log(name): pass',
      'log("bare", 1)',
    ].join('\n');
    expect(logged(text).flat()).toEqual([]);
  });

  it('are found by names that always stand for one text, where that is certain', () => {
    const found = (...lines: string[]) => logged([...lines, 'run.log(LOSS, value=1)'].join('\n')).flat();
    expect(found('LOSS = "loss"')).toEqual(['loss']);
    expect(found('LOSS: Final[str] = \'lo\' "ss"  # as logged')).toEqual(['loss']);
    expect(found('LOSS = (\n  "loss"\n)')).toEqual([]);
    expect(found('LOSS = "loss"', 'cfg.LOSS = "other"', 'print(LOSS, x.LOSS)', 'if LOSS == "a": pass')).toEqual([
      'loss',
    ]);
    for (const other of [
      'LOSS = "b"',
      '    LOSS = "b"',
      'LOSS += "b"',
      'for LOSS in names: pass',
      'from names import LOSS',
      'import a as LOSS',
      'def f(a, LOSS): pass',
      'f = lambda LOSS: LOSS',
      'A, LOSS = 1, 2',
      'LOSS, A = 1, 2',
      'with open() as LOSS: pass',
      'if (LOSS := f()): pass',
      'global LOSS',
    ]) {
      expect(found('LOSS = "loss"', other)).toEqual([]);
    }
    expect(found('    LOSS = "loss"')).toEqual([]);
    expect(found('LOSS = prefix + "loss"')).toEqual([]);
    expect(found('# LOSS = "loss"')).toEqual([]);
    expect(logged('A = "a"\nB = "b"\nrun.log(metrics={A: 1, B: 2})')).toEqual([['a', 'b']]);
  });

  it('are found by f-strings of which a part is known', () => {
    const fits = (written: string, name: string, before = ''): boolean | undefined => {
      const [call] = findLogCalls(`${before}\nrun.log(${written}, 1)`);
      return call?.names[0]?.pattern?.test(name);
    };
    expect(fits('f"loss_{split}"', 'loss_train')).toBe(true);
    expect(fits('f"loss_{split}"', 'loss_')).toBe(false);
    expect(fits('f"loss_{split}"', 'my_loss_train')).toBe(false);
    expect(fits('f"{{a}} {x[1]:>{width}} (b)."', '{a} 7 (b).')).toBe(true);
    expect(fits('f"{{a}} {x} (b)."', '{a} 7 (b)!')).toBe(false);
    expect(fits('"train/" f"{name}"', 'train/acc')).toBe(true);
    expect(fits('f"{SPLIT}_{name}"', 'val_acc', 'SPLIT = "val"')).toBe(true);
    expect(fits('f"{SPLIT}_{name}"', 'train_acc', 'SPLIT = "val"')).toBe(false);
    expect(fits('f"{prefix}{name}"', 'anything')).toBeUndefined();
    expect(fits('f"{a', 'a')).toBeUndefined();
  });

  it('have names as Python reads them', () => {
    expect(logged('run.log("a" \'b\' r"\\n", 1)')).toEqual([['ab\\n']]);
    expect(logged('run.log("tab\\tquote\\"\\x41\\u00e9", 1)')).toEqual([['tab\tquote"Aé']]);
    expect(logged("run.log('''tri''', 1)")).toEqual([['tri']]);
    expect(logged('run.log(u"größe ½", 1)')).toEqual([['größe ½']]);
  });

  it('are found while they are typed, and do not swallow what follows', () => {
    const text = 'def f():\n    run.log("lo\n    return 1\n\ndef g():\n    run.log("x", 1)\n';
    expect(logged(text)).toEqual([['lo'], ['x']]);
    const [first] = findLogCalls(text);
    expect(first).toMatchObject({ isClosed: false, end: text.indexOf('\n    return') });
    expect(logged('run.log("')).toEqual([['']]);
    expect(logged('run.log(')).toEqual([[]]);
    expect(logged('run.log("\nx = f(1, 2)\n')).toEqual([['']]);
  });

  it('takes any text', () => {
    for (const text of [
      '',
      '"""',
      "'",
      'run.log(((((',
      '\\',
      'run.log("\\',
      ')]}',
      'x'.repeat(10_000),
      '\u0000💥"\u202e',
    ]) {
      expect(() => findLogCalls(`${text}\nrun.log(`)).not.toThrow();
    }
  });
});

describe('arguments of a script', () => {
  it('are what argparse is told', () => {
    const text = `
parser.add_argument("-l", "--lr", type=float, default=1e-3, help="learning rate "
    "of the optimizer")
parser.add_argument('--optimizer', choices=["adam", 'sgd'], default="adam", required=True)
group.add_argument("--fast", action="store_true")
group.add_argument("--amp", action=argparse.BooleanOptionalAction, default=None)
parser.add_argument("data", nargs="?")
parser.add_argument("--lr", type=int)
parser.add_argument(name, "x" + y)
# parser.add_argument("--comment")
`;
    expect(findScriptArguments(text)).toMatchObject([
      {
        names: ['--lr', '-l'],
        type: 'float',
        defaultText: '1e-3',
        help: 'learning rate of the optimizer',
        isRequired: false,
        isFlag: false,
      },
      { names: ['--optimizer'], choices: ['adam', 'sgd'], defaultText: 'adam', isRequired: true },
      { names: ['--fast'], isFlag: true },
      { names: ['--amp'], isFlag: true, defaultText: undefined },
      { names: ['data'], isPositional: true, isRequired: false },
    ]);
  });
});
