import { Graph, layout } from '@dagrejs/dagre';
import type { StepModel } from '../../../src/protocol/runPage.ts';

export const stepWidth = 160;
export const stepHeight = 56;
const margin = 16;

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface StepPlace extends Point {
  readonly step: StepModel;
}

export interface StepLayout {
  readonly width: number;
  readonly height: number;
  /** With the corner at the upper left. */
  readonly steps: readonly StepPlace[];
  /** Each as the points that a line from a step to one after it goes through. */
  readonly lines: readonly (readonly Point[])[];
}

/** Places the steps of a pipeline from left to right, each after those that it waits for. */
export function layoutSteps(steps: readonly StepModel[]): StepLayout {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 24, ranksep: 52, marginx: margin, marginy: margin });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of steps) {
    graph.setNode(id, { width: stepWidth, height: stepHeight });
  }
  const known = new Set(steps.map(({ id }) => id));
  for (const { id, after } of steps) {
    for (const before of after) {
      if (known.has(before)) {
        graph.setEdge(before, id);
      }
    }
  }
  layout(graph);
  const centre = (id: string): Point => {
    const { x = 0, y = 0 } = graph.node(id) as Partial<Point>;
    return { x, y };
  };
  const lines = graph.edges().map((edge) => {
    const { points = [] } = graph.edge(edge) as { points?: readonly Point[] };
    const [from, to] = [centre(edge.v), centre(edge.w)];
    // From the middle of one side to the middle of the other, whatever the slope.
    return [{ x: from.x + stepWidth / 2, y: from.y }, ...points.slice(1, -1), { x: to.x - stepWidth / 2, y: to.y }];
  });
  // A line that goes around steps may run outside of what the layout says is its size.
  const all = [...lines.flat(), ...steps.flatMap(({ id }) => corners(centre(id)))];
  const left = Math.min(...all.map(({ x }) => x)) - margin;
  const top = Math.min(...all.map(({ y }) => y)) - margin;
  const moved = ({ x, y }: Point): Point => ({ x: x - left, y: y - top });
  return {
    width: Math.max(...all.map(({ x }) => x)) + margin - left,
    height: Math.max(...all.map(({ y }) => y)) + margin - top,
    steps: steps.map((step) => {
      const { x, y } = moved(centre(step.id));
      return { step, x: x - stepWidth / 2, y: y - stepHeight / 2 };
    }),
    lines: lines.map((line) => line.map(moved)),
  };
}

function corners({ x, y }: Point): readonly Point[] {
  return [
    { x: x - stepWidth / 2, y: y - stepHeight / 2 },
    { x: x + stepWidth / 2, y: y + stepHeight / 2 },
  ];
}

/** A smooth path through points, for the `d` of an SVG path. */
export function pathThrough(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) {
    return '';
  }
  let path = `M${first.x},${first.y}`;
  let from = first;
  for (const to of rest) {
    const middle = (from.x + to.x) / 2;
    path += ` C${middle},${from.y} ${middle},${to.y} ${to.x},${to.y}`;
    from = to;
  }
  return path;
}
