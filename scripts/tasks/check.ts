import { checkStyle, checkTypes } from '../support/sourceChecks.ts';
import { runTask } from '../support/taskError.ts';

/** `npm run check`: the types of every zone, the lint rules, the format. */
await runTask(async () => {
  const results = [...(await checkTypes()), await checkStyle()];
  return results.every((result) => result.isPassed) ? 0 : 1;
});
