import { RunSession } from './runSession.ts';

/** That of the page. It asks for the run before the page's components are defined, so that the host reads it meanwhile. */
export const pageSession = new RunSession();

pageSession.start();
