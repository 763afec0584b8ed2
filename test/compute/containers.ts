import { type ContainerEngine, testImage } from '../support/backends/containerEngine.ts';
import type { Backend } from './backend.ts';

/** Runs in containers of the image with Python, by the engine. */
export function containerBackend(engine: ContainerEngine | undefined): Backend | undefined {
  const text = `type: docker\ncli: ${engine?.cli}\nimage: ${testImage}\narguments: [--network=host]\n`;
  return engine && { target: 'box', targets: { box: text } };
}
