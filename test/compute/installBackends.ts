/** Before all tests, and at once, as apt-get runs once at a time: what the back ends need, where it may be installed. */
import { existsSync } from 'node:fs';
import { findCommand } from '../../scripts/support/childProcess.ts';
import { installDebianPackages } from '../../scripts/support/debianPackages.ts';
import { imagePackages } from '../support/backends/containerImage.ts';

const needed: readonly { readonly packages: readonly string[]; readonly isThere: () => boolean }[] = [
  { packages: ['openssh-client', 'openssh-server'], isThere: () => existsSync('/usr/sbin/sshd') },
  {
    packages: ['slurmctld', 'slurmd', 'slurm-client'],
    isThere: () => ['slurmctld', 'slurmd', 'sbatch'].every((program) => findCommand(program) !== undefined),
  },
  {
    packages: ['podman', 'runc', ...imagePackages],
    isThere: () =>
      ['podman', 'runc'].every((program) => findCommand(program) !== undefined) && existsSync('/usr/bin/python3'),
  },
];

export async function setup(): Promise<void> {
  const packages = needed.filter(({ isThere }) => !isThere()).flatMap((need) => need.packages);
  if (packages.length > 0) {
    // Without it the tests that need it say so.
    await installDebianPackages(packages, 'test runs in containers, on other hosts and on a cluster').catch(
      () => false,
    );
  }
}
