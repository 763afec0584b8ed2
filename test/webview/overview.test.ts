import { describe, expect, it } from 'vitest';
import type { RunIdentityModel } from '../../src/protocol/runPage.ts';
import { cliCommand } from '../../webview-ui/run-page/overview/cliCommand.ts';
import { tagChange } from '../../webview-ui/shared/tagChange.ts';

describe('a tag that is written', () => {
  it.each([
    [undefined, 'team', ' vision ', { addTags: [['team', 'vision']] }],
    [undefined, 'mixup', '', { addTags: [['mixup', null]] }],
    [['team', 'a'], 'team', 'b', { addTags: [['team', 'b']] }],
    [['team', 'a'], 'group', 'a', { removeTags: ['team'], addTags: [['group', 'a']] }],
    [['team', 'a'], 'team', 'a', undefined],
    [['mixup', null], 'mixup', ' ', undefined],
    [undefined, ' ', 'x', undefined],
  ] as const)('%j as %s: %s', (before, name, value, change) => {
    expect(tagChange(before, name, value)).toEqual(change);
  });
});

describe('the command line of a run', () => {
  const identity: RunIdentityModel = {
    id: 'r',
    number: 1,
    label: 'run',
    workspace: 'w',
    experiment: 'My runs',
    type: 'Script',
    canResubmit: true,
    parentId: undefined,
    createdTime: 0,
    user: undefined,
    host: undefined,
    script: 'src/train.py',
    command: undefined,
    arguments: ['--note', "it's $HOME"],
    sourceDirectory: '/home/mara/my code',
    inPlace: false,
    target: 'local',
    runConfiguration: 'gpu',
    environment: undefined,
    interpreter: undefined,
    environmentVariables: [],
    hasUncommittedDiff: false,
  };

  it('is quoted for a shell', () => {
    expect(cliCommand(identity)).toBe(
      "runledger run submit-script -c gpu -e 'My runs' --path '/home/mara/my code' src/train.py --note 'it'\\''s $HOME'",
    );
    expect(cliCommand({ ...identity, runConfiguration: undefined, inPlace: true })).toContain("-c 'local (in place)'");
  });

  it('is not there for what no script was submitted for', () => {
    expect(cliCommand({ ...identity, type: 'Sweep' })).toBeUndefined();
    expect(cliCommand({ ...identity, canResubmit: false })).toBeUndefined();
  });
});
