import { describe, expect, it } from 'vitest';
import { findScriptArguments } from '../../src/core/python-source/scriptArguments.ts';
import { argumentSuggestions } from '../../src/extension/submit/argumentSuggestions.ts';
import { variablesOf } from '../../src/extension/submit/variableLine.ts';

const known = findScriptArguments(`
parser.add_argument("-l", "--lr", type=float, default=1e-3, help="learning rate")
parser.add_argument("--optimizer", choices=["adam", "adagrad", "sgd"], required=True)
parser.add_argument("--fast", action="store_true")
parser.add_argument("data")
`);

const offered = (line: string): string[] => argumentSuggestions(line, known).map((suggestion) => suggestion.line);

describe('arguments that are offered', () => {
  it('are those that are not given yet, with what the script says of them', () => {
    expect(argumentSuggestions('', known)).toEqual([
      { label: '--lr', description: 'float · default 1e-3', help: 'learning rate', line: '--lr ' },
      { label: '--optimizer', description: 'adam, adagrad, sgd · required', help: undefined, line: '--optimizer ' },
      { label: '--fast', description: '', help: undefined, line: '--fast ' },
    ]);
    expect(offered('--lr 0.1 ')).toEqual(['--lr 0.1 --optimizer ', '--lr 0.1 --fast ']);
    expect(offered('--lr=0.1 --fast ')).toEqual(['--lr=0.1 --fast --optimizer ']);
    expect(offered('-l 1 --f')).toEqual(['-l 1 --fast ']);
  });

  it('are the values of the one that stands last, and nothing where a value is typed', () => {
    expect(offered('--optimizer ')).toEqual(['--optimizer adam ', '--optimizer adagrad ', '--optimizer sgd ']);
    expect(offered('--optimizer ada')).toEqual(['--optimizer adam ', '--optimizer adagrad ']);
    expect(offered('--lr 0.')).toEqual([]);
    expect(offered('data.csv ')).toContain('data.csv --lr ');
  });
});

describe('a line of environment variables', () => {
  it('is read as a shell would', () => {
    expect(variablesOf('')).toEqual({});
    expect(variablesOf(`LEVEL=debug NAME="two words" _x='a=b' EMPTY= my-name=x LEVEL=info`)).toEqual({
      LEVEL: 'info',
      NAME: 'two words',
      _x: 'a=b',
      EMPTY: '',
      'my-name': 'x',
    });
  });

  it.each(['LEVEL', '=debug', 'LEVEL = debug', 'NAME="open'])('is refused where it is %s', (line) => {
    expect(() => variablesOf(line)).toThrow(expect.objectContaining({ reason: 'invalid-argument' }));
  });
});
