import type { SeriesSource } from '../../charts/seriesFeed.ts';
import { motion } from '../../shared/motion.ts';
import { Turns } from '../../shared/turns.ts';
import type { RunSession } from '../runSession.ts';

/** Of all charts of the page. */
const turns = new Turns(motion);

/** A metric of the page's run as a source of points. */
export function runSeries(session: RunSession, metric: string): SeriesSource {
  return {
    request: (range, signal) => turns.take(() => session.request('series', { metric, ...range }, signal), signal),
    onPoints: (listener) => session.onPoints(metric, listener),
    onReload: (listener) => session.onReload(listener),
  };
}
