/** What looking at a compute target finds. */
import { RunledgerError } from '../base/errors.ts';

export interface CheckRequest {
  readonly workspaceFolder: string;
  /** Best first; see `SubmitRequest`. */
  readonly interpreterCandidates: readonly string[];
  /** The folder that holds `runledger/` and `compat/`. */
  readonly pythonSdkFolder: string;
  readonly signal?: AbortSignal;
}

/** One thing that a target needs. */
export interface TargetFinding {
  /** As `Python`, `Connection`, `Partition`. */
  readonly subject: string;
  readonly isGood: boolean;
  /** What is there, or what is missing. */
  readonly message: string;
  /** What to do where it is missing. */
  readonly advice?: string;
}

/**
 * What `look` says is there; what it throws is missing.
 *
 * @throws what is no `RunledgerError`, and `canceled`
 */
export async function finding(subject: string, look: () => Promise<string>): Promise<TargetFinding> {
  try {
    return { subject, isGood: true, message: await look() };
  } catch (error) {
    if (!(error instanceof RunledgerError) || error.reason === 'canceled') {
      throw error;
    }
    const { message, advice } = error;
    return { subject, isGood: false, message, ...(advice !== undefined && { advice }) };
  }
}
