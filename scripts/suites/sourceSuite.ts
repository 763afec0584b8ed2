import { checkStyle, checkTypes } from '../support/sourceChecks.ts';
import { countPassed } from '../support/testCounts.ts';
import type { Suite } from './suite.ts';

/** The types of every zone, the lint rules (and with them the layers) and the format. */
export const sourceSuite: Suite = {
  name: 'check',
  run: async () => countPassed([...(await checkTypes()), await checkStyle()]),
};
