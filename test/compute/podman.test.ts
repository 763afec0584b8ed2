import { startPodman } from '../support/backends/containerEngine.ts';
import { startBackend } from './backend.ts';
import { describeConformance } from './conformance.ts';
import { containerBackend } from './containers.ts';

const podman = await startBackend('Podman', startPodman);

describeConformance('Podman', {
  backend: containerBackend(podman),
  submitsScripts: false,
  isSupervisedHere: true,
});
