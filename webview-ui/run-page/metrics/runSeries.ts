import type { SeriesSource } from '../../charts/seriesFeed.ts';
import type { RunSession } from '../runSession.ts';

/** A metric of the page's run as a source of points. */
export function runSeries(session: RunSession, metric: string): SeriesSource {
  return {
    request: (range, signal) => session.request('series', { metric, ...range }, signal),
    onPoints: (listener) => session.onPoints(metric, listener),
    onReload: (listener) => session.onReload(listener),
  };
}
