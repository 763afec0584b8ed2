import { SlurmCluster } from '../support/backends/slurmCluster.ts';
import { startBackend } from './backend.ts';
import { describeConformance } from './conformance.ts';

const cluster = await startBackend('Slurm', async () => {
  const started = await SlurmCluster.start();
  process.env.SLURM_CONF = started.configuration;
  return started;
});

describeConformance('Slurm', {
  backend: cluster && {
    targets: { cluster: 'type: slurm\npartition: main\nmemory: 500M\n' },
    target: 'cluster',
  },
  submitsScripts: true,
  isSupervisedHere: true,
});
