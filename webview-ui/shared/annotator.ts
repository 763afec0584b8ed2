import type { AnnotateParams } from '../../src/protocol/runPage.ts';

/** Whoever records what a person changes: the session of a run's page, or that of a version of a model. */
export interface Annotator {
  request(method: 'annotate', params: AnnotateParams): Promise<null>;
}
