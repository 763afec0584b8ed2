/** Who carries out an orchestration: at most one living process, by the claims in `orchestrators/`. */
import { isClaimHeld, takeClaim } from '../store/processClaims.ts';
import { orchestratorsFolder } from '../store/storeLayout.ts';

/** Whether a process carries out the orchestration of a run, or may do so on another host. */
export function hasOrchestrator(runFolder: string): Promise<boolean> {
  return isClaimHeld(orchestratorsFolder(runFolder));
}

/** Claims the orchestration of a run for this process. Resolves with false where another has it. */
export function claimOrchestration(runFolder: string): Promise<boolean> {
  return takeClaim(orchestratorsFolder(runFolder));
}
