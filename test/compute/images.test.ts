/** What containers have beside what every target does: images, how they are made, and what is wrong with them. */

import { writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findComputeTarget } from '../../src/core/compute/computeTargets.ts';
import { startPodman, testImage } from '../support/backends/containerEngine.ts';
import { killProcessOf } from '../support/killedProcess.ts';
import { pythonSdkFolder } from '../support/sourceFolder.ts';
import { ended, folderOf, runIds, until } from '../support/submittedRun.ts';
import { openTestCatalog } from '../support/temporaryStore.ts';
import { writeWheel } from '../support/wheel.ts';
import { artifact, outcome, startBackend, targetCase } from './backend.ts';
import { containerBackend } from './containers.ts';

const environmentLog = 'logs/azureml/environment_log.txt';
const podman = await startBackend('Podman', startPodman);
const cli = podman?.cli ?? '';
const backend = containerBackend(podman);

/** A target whose file is another one. */
function boxOf(text: string): typeof backend {
  return backend && { ...backend, targets: { box: `type: docker\n${text}` } };
}

describe.skipIf(podman === undefined)('the image of a run', { timeout: 120_000 }, () => {
  it('is built from a Dockerfile once', async () => {
    const script = "import os\nprint(os.environ['GREETING'])\n";
    const { carryOut } = await targetCase(boxOf(`cli: ${cli}\n`), { 'train.py': script });
    const text = `FROM ${testImage}\nENV GREETING=${Date.now()}\n`;
    const first = await carryOut({ environment: { docker: { baseDockerfile: text } } });
    expect(first.summary.status, await outcome(first)).toBe('Completed');
    expect(await artifact(first, environmentLog)).toContain(`docker build`);
    const second = await carryOut({ environment: { docker: { baseDockerfile: text } } });
    expect(second.summary.status, await outcome(second)).toBe('Completed');
    await expect(artifact(second, environmentLog)).rejects.toThrow('ENOENT');
  });

  it('is built once for two that ask for it at once', async () => {
    const script = "import os\nprint(os.environ['GREETING'])\n";
    const made = await targetCase(boxOf(`cli: ${cli}\n`), { 'train.py': script });
    const text = `FROM ${testImage}\nENV GREETING=both-${Date.now()}\nRUN ["/usr/bin/python3", "-c", "import time; time.sleep(2)"]\n`;
    const configuration = { environment: { docker: { baseDockerfile: text } } };
    const both = await Promise.all([made.carryOut(configuration), made.carryOut(configuration)]);
    const builds: string[] = [];
    for (const details of both) {
      expect(details.summary.status, await outcome(details)).toBe('Completed');
      builds.push(await artifact(details, environmentLog).catch(() => ''));
    }
    expect(builds.filter((log) => log.includes(' build '))).toHaveLength(1);
  });

  it('gets the packages of the run configuration, on this machine where the configuration switches containers on', async () => {
    const path = process.env.PATH;
    process.env.PATH = `${dirname(cli)}${delimiter}${path}`;
    onTestFinished(() => {
      process.env.PATH = path;
    });
    const script =
      "import greeting, os, sys\nprint(greeting.text, os.environ['HOME'], sys.prefix != sys.base_prefix)\n";
    const { source, carryOut } = await targetCase({ targets: {}, target: 'local' }, { 'train.py': script });
    await writeWheel(source, 'greeting', '1.2', "text = 'hello'\n");
    const docker = { baseImage: testImage, arguments: ['--network host'] };
    const python = {
      condaDependencies: { dependencies: [{ pip: ['--no-index', `--find-links ${source}`, 'greeting'] }] },
    };
    const details = await carryOut({ docker: { useDocker: true }, environment: { docker, python } });
    expect(details.summary.status, await outcome(details)).toBe('Completed');
    expect(details.summary.target).toBe('local');
    expect(await artifact(details, 'logs/std_log.txt')).toBe('hello /tmp True\n');
    expect(await artifact(details, environmentLog)).toContain('Successfully installed greeting');
  });

  it('that has no Python runs commands, and no scripts', async () => {
    const { carryOut, workspaceFolder } = await targetCase(boxOf(`cli: ${cli}\n`), { 'train.py': '' });
    // Another one each time: an image that is there already is found to have none before the run is made.
    const docker = { baseDockerfile: `FROM scratch\nENV NOTHING=${Date.now()}\n` };
    const { summary } = await carryOut({ environment: { docker } });
    expect(summary.status).toBe('Failed');
    expect(summary.failure?.message).toMatch(/The image runledger\/environment:\w+ has no python3\./);
    expect(await runIds(workspaceFolder)).toHaveLength(1);
    await expect(carryOut({ environment: { docker } })).rejects.toMatchObject({ reason: 'interpreter-not-found' });
  });

  it('that nobody has fails the run, with what was said', async () => {
    const { carryOut } = await targetCase(boxOf(`cli: ${cli}\nimage: localhost:1/no/such:image\n`), { 'train.py': '' });
    const { summary, folder } = await carryOut();
    expect(summary.status).toBe('Failed');
    expect(summary.failure?.message).toContain('The image localhost:1/no/such:image is not on this machine');
    expect(folder).not.toBe('');
  });
});

describe.skipIf(podman === undefined)('a container', { timeout: 120_000 }, () => {
  it('whose memory runs out says so', async () => {
    const { carryOut } = await targetCase(boxOf(`cli: ${cli}\nimage: ${testImage}\n`), {
      'train.py': "print('before', flush=True)\ntext = bytearray(300_000_000)\nprint(len(text))\n",
    });
    const details = await carryOut({ environment: { docker: { arguments: ['--memory=64m', '--memory-swap=64m'] } } });
    expect(details.summary.status, await outcome(details)).toBe('Failed');
    expect(details.summary.failure?.message).toContain('Memory ran out in the container');
    expect(details.summary.failure?.advice).toContain('--memory');
  });

  it('is measured', async () => {
    const { carryOut } = await targetCase(backend, {
      'train.py': 'import time\nblock = bytearray(100_000_000)\ntime.sleep(4)\n',
    });
    const { metrics } = await carryOut();
    expect(metrics.find(({ name }) => name === 'system/memory_megabytes')?.last).toBeGreaterThan(90);
  });

  it('is refused before there is a run where none can be run', async () => {
    const made = await targetCase(boxOf('cli: /no/such/docker\nimage: x\n'), { 'train.py': '' });
    await expect(made.carryOut()).rejects.toMatchObject({
      reason: 'unsupported-target',
      message: 'There is no program /no/such/docker to run containers with.',
    });
    const other = await targetCase(boxOf(`cli: ${cli}\n`), { 'train.py': '' });
    await expect(other.carryOut()).rejects.toThrow('Nothing says which image the container is made of.');
    const silent = join(other.source, 'silent');
    await writeFile(silent, '#!/bin/sh\necho "Cannot connect to the daemon" >&2\nexit 1\n', { mode: 0o755 });
    const third = await targetCase(boxOf(`cli: ${silent}\nimage: x\n`), { 'train.py': '' });
    await expect(third.carryOut()).rejects.toThrow('cannot run containers: Cannot connect to the daemon.');
    expect([...(await runIds(made.workspaceFolder)), ...(await runIds(third.workspaceFolder))]).toEqual([]);
  });

  it('can be checked for what it lacks', async () => {
    const found = async (text: string): Promise<readonly (readonly [string, boolean, string])[]> => {
      const { workspaceFolder } = await targetCase(boxOf(text), {});
      const target = await findComputeTarget(workspaceFolder, 'box');
      const findings = await target.check({ workspaceFolder, interpreterCandidates: [], pythonSdkFolder });
      return findings.map(({ subject, isGood, message }) => [subject, isGood, message]);
    };
    expect(await found(`cli: ${cli}\nimage: ${testImage}\n`)).toEqual([
      ['Program', true, expect.stringMatching(/Podman \d/)],
      ['Python of this machine', true, expect.any(String)],
      ['Image', true, `${testImage} is on this machine`],
      ['Python in the image', true, expect.stringMatching(/^\/usr\/bin\/python3.*, version 3\./)],
    ]);
    expect(await found('cli: no-such-docker\n')).toEqual([
      ['Program', false, 'There is no "no-such-docker" on the path, so no container can be run.'],
      ['Python of this machine', true, expect.any(String)],
    ]);
    const [, , image] = await found(`cli: ${cli}\nimage: localhost:1/no/such:image\n`);
    expect(image).toEqual(['Image', false, expect.stringContaining('its registry does not give it')]);
  });

  it('that goes on though its client is killed is waited for', async () => {
    const { workspaceFolder, submit } = await targetCase(backend, {
      'train.py':
        "import os, time\nfrom azureml.core import Run\nRun.get_context().log('pid', 1)\ntime.sleep(3)\nprint('done')\n",
    });
    const { runId } = await submit();
    await until(await openTestCatalog(workspaceFolder), runId, ({ metrics }) => metrics.length > 0);
    await killProcessOf(await folderOf(workspaceFolder, runId), 'script');
    const details = await ended(workspaceFolder, runId);
    expect(details.summary.status, await outcome(details)).toBe('Completed');
    expect(await artifact(details, 'logs/std_log.txt')).toBe('done\n');
  });
});
