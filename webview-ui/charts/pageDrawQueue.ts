import { motion } from '../shared/motion.ts';
import { DrawQueue } from './drawQueue.ts';

/** That of the page. */
export const drawQueue = new DrawQueue(() => motion.isMoving);
