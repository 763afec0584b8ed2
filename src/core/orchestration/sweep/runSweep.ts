/** Carries out a sweep: trials side by side, each a child run, until all are done or there is a reason to stop. */
import { availableParallelism } from 'node:os';
import { findComputeTarget } from '../../compute/computeTargets.ts';
import type { Trial } from '../../domain/run.ts';
import type { ChildRun } from '../childRun.ts';
import { submitRequestOf, withArguments } from '../job.ts';
import type { ArrayedChild, Ending, Orchestration } from '../orchestration.ts';
import { argumentText, type TemplateScope } from '../template.ts';
import type { Hyperparameters } from './expressions.ts';
import { nextHyperparameters, type Observation } from './sampling.ts';
import { type SweepDefinition, trialLimit } from './sweepDefinition.ts';
import { isToEnd } from './terminationPolicy.ts';

/** As Azure ML: a script that cannot run is not tried any further. */
const failuresToStop = 3;

interface RunningTrial extends Trial {
  readonly child: ChildRun;
}

export function runSweep(definition: SweepDefinition, orchestration: Orchestration): Promise<Ending> {
  return new Sweep(definition, orchestration).run();
}

class Sweep {
  private readonly definition: SweepDefinition;
  private readonly orchestration: Orchestration;
  private readonly trials: RunningTrial[] = [];
  /** How many values of the primary metric were looked at, by trial. */
  private readonly evaluated = new Map<number, number>();
  /** Trials that the policy has ended. */
  private readonly cutShort = new Set<number>();
  /** Ids of the trials whose end is in the log. */
  private readonly told = new Set<string>();
  private isExhausted = false;
  /** Trials that go on, or wait for their start, at a time. */
  private concurrency = 1;
  /** Why no more trials are started. */
  private stopReason: string | undefined;

  constructor(definition: SweepDefinition, orchestration: Orchestration) {
    this.definition = definition;
    this.orchestration = orchestration;
  }

  async run(): Promise<Ending> {
    await this.resume();
    this.concurrency = this.definition.maxConcurrentRuns ?? availableParallelism();
    const stopClock = this.startClock();
    try {
      if (await this.hasQueue()) {
        await this.startAll();
      }
      for (;;) {
        await this.noteEnds();
        if (this.orchestration.isCanceled) {
          await this.orchestration.cancelAndWait(this.running, 'Its sweep was canceled.');
          await this.recordBest();
          return { status: 'Canceled' };
        }
        if (this.stopReason !== undefined) {
          await this.orchestration.cancelAndWait(this.running, this.stopReason);
          return await this.end();
        }
        await this.applyPolicy();
        // Looks at the others again after each: they may have ended meanwhile, or failed.
        if (await this.startNextTrial()) {
          continue;
        }
        if (this.running.length === 0) {
          return await this.end();
        }
        await this.orchestration.change();
      }
    } finally {
      stopClock();
    }
  }

  /** Whether the target's queue can hold all trials at once; not where one is chosen by what others measured. */
  private async hasQueue(): Promise<boolean> {
    const { job, sampling } = this.definition;
    const { workspaceFolder } = this.orchestration.options;
    const { queue } = await findComputeTarget(workspaceFolder, job.runConfiguration.target);
    return queue !== undefined && sampling.type !== 'bayesian';
  }

  private get running(): readonly ChildRun[] {
    return this.trials.map(({ child }) => child).filter((child) => !child.hasEnded);
  }

  private async resume(): Promise<void> {
    for (const child of await this.orchestration.openChildren()) {
      const trial = child.record.trial as Trial | undefined;
      if (trial !== undefined) {
        this.trials.push({ ...trial, child });
      }
    }
    if (this.trials.length > 0) {
      await this.orchestration.log(`Resumed with ${this.trials.length} trials.`);
    }
  }

  /** Ends the sweep when its time is over. Returns what stops the clock. */
  private startClock(): () => void {
    const { maxDurationMinutes } = this.definition;
    const end = (this.orchestration.options.createdTime + 60 * maxDurationMinutes) * 1000;
    // The longest time that a timer takes: 24 days.
    const wait = Math.min(Math.max(0, end - Date.now()), 2 ** 31 - 1);
    const timer = setTimeout(() => {
      this.stopReason = `The sweep took longer than max_duration_minutes (${maxDurationMinutes}).`;
      this.orchestration.notify();
    }, wait);
    return () => clearTimeout(timer);
  }

  private async noteEnds(): Promise<void> {
    for (const { child, number } of this.trials) {
      if (child.hasEnded && !this.told.has(child.runId)) {
        this.told.add(child.runId);
        const best = bestOf(this.values(child), this.definition.primaryMetric.goal);
        const metric = best === undefined ? 'not logged' : String(best);
        const { status } = child.summary;
        await this.orchestration.log(
          `Trial ${number} ended: ${status}; ${this.definition.primaryMetric.name}: ${metric}.`,
        );
      }
    }
    const ended = this.trials.filter(({ child }) => child.hasEnded);
    const haveAllFailed = ended.every(({ child }) => child.summary.status === 'Failed');
    if (this.stopReason === undefined && ended.length >= failuresToStop && haveAllFailed) {
      this.stopReason = `The first ${failuresToStop} trials of the sweep failed.`;
      await this.orchestration.log(this.stopReason);
    }
  }

  private values(child: ChildRun): readonly number[] {
    return child.values(this.definition.primaryMetric.name);
  }

  private async applyPolicy(): Promise<void> {
    const { policy, primaryMetric } = this.definition;
    if (policy.type === 'none') {
      return;
    }
    for (const { child, number } of this.trials) {
      const values = this.values(child);
      const others = this.trials
        .filter((other) => other.child !== child)
        .map((other) => ({ values: this.values(other.child), hasEnded: other.child.hasEnded }));
      const from = this.evaluated.get(number) ?? 0;
      this.evaluated.set(number, values.length);
      const intervals = Array.from({ length: values.length - from }, (_, index) => from + index + 1);
      const trial = { values, hasEnded: child.hasEnded };
      const interval = intervals.find((count) => isToEnd(policy, primaryMetric.goal, trial, others, count));
      if (interval !== undefined && !child.hasEnded && !this.cutShort.has(number)) {
        this.cutShort.add(number);
        await this.orchestration.log(`Trial ${number} is ended by the policy ${policy.type} at interval ${interval}.`);
        await child.cancel(`The policy ${policy.type} ended this trial at interval ${interval}.`);
      }
    }
  }

  /** Puts all trials into the queue of the target, which keeps to the limit also while nobody looks after the sweep. */
  private async startAll(): Promise<void> {
    const requests: ArrayedChild[] = [];
    for (const { child, ...trial } of this.trials) {
      if (child.cutOff !== undefined) {
        requests.push({ ...this.requestOf(trial), made: child.cutOff });
      }
    }
    const numbers = new Set(this.trials.map(({ number }) => number));
    const drawn = this.observations();
    for (let number = 0; number < trialLimit(this.definition); number++) {
      if (numbers.has(number)) {
        continue;
      }
      const hyperparameters = this.hyperparametersOf(number, drawn);
      if (hyperparameters === undefined) {
        break;
      }
      drawn.push({ hyperparameters, best: undefined });
      requests.push(this.requestOf({ number, hyperparameters }));
    }
    this.isExhausted = true;
    const [first, ...others] = requests;
    if (first === undefined || this.orchestration.isCanceled) {
      return;
    }
    const limit = this.definition.maxConcurrentRuns;
    const most = limit === undefined ? '' : `, at most ${limit} at a time`;
    await this.orchestration.log(`${requests.length} trials go into the queue as one job array${most}.`);
    for (const child of await this.orchestration.submitAll([first, ...others], limit)) {
      this.keep({ ...(child.record.trial as Trial), child });
    }
  }

  private keep(trial: RunningTrial): void {
    const place = this.trials.findIndex(({ number }) => number === trial.number);
    this.trials.splice(place === -1 ? this.trials.length : place, place === -1 ? 0 : 1, trial);
  }

  /** Returns whether one was started: not where enough are running, or no more are to be. */
  private async startNextTrial(): Promise<boolean> {
    if (
      this.running.length >= this.concurrency ||
      this.trials.length >= trialLimit(this.definition) ||
      this.isExhausted ||
      this.orchestration.isCanceled
    ) {
      return false;
    }
    const number = this.trials.reduce((highest, trial) => Math.max(highest, trial.number), -1) + 1;
    const hyperparameters = this.hyperparametersOf(number, this.observations());
    if (hyperparameters === undefined) {
      this.isExhausted = true;
      return false;
    }
    const trial = { number, hyperparameters };
    await this.orchestration.log(`Trial ${number} starts: ${JSON.stringify(hyperparameters)}.`);
    this.trials.push({ ...trial, child: await this.orchestration.submit(this.requestOf(trial)) });
    return true;
  }

  private hyperparametersOf(number: number, earlier: readonly Observation[]): Hyperparameters | undefined {
    const { sampling, primaryMetric } = this.definition;
    return nextHyperparameters(sampling, primaryMetric.goal, number, earlier, this.inherited);
  }

  /** The trials of the sweeps that this one goes on from. */
  private get inherited(): readonly Observation[] {
    const trials = (this.definition.resumeFrom ?? []).flatMap((sweep) => sweep.trials);
    return trials.map(({ hyperparameters, best }) => ({ hyperparameters, best }));
  }

  private observations(): Observation[] {
    return this.trials.map(({ hyperparameters, child }) => ({
      hyperparameters,
      best: bestOf(this.values(child), this.definition.primaryMetric.goal),
    }));
  }

  private requestOf(trial: Trial): ArrayedChild {
    const { job, hyperparametersIn } = this.definition;
    const request =
      hyperparametersIn === 'command'
        ? submitRequestOf(job, scopeOf(trial.hyperparameters))
        : submitRequestOf(withArguments(job, argumentsOf(trial.hyperparameters)), noScope);
    return { ...request, runId: `${this.orchestration.options.runId}_${trial.number}`, trial };
  }

  private async end(): Promise<Ending> {
    if (this.trials.length === 0 && this.inherited.length > 0) {
      this.stopReason ??= 'The sweeps that this one goes on from have tried everything.';
      await this.orchestration.warn(this.stopReason);
      return { status: 'Completed' };
    }
    await this.recordBest();
    const failed = this.trials.filter(({ child }) => child.summary.status === 'Failed');
    const last = failed.at(-1)?.child.summary;
    if (failed.length > 0 && !this.trials.some(({ child }) => child.summary.status === 'Completed')) {
      const reason = this.stopReason ?? 'No trial of the sweep completed.';
      const detail = last?.failure === undefined ? '' : ` The last one, ${last.id}: ${last.failure.message}`;
      return {
        status: 'Failed',
        error: {
          message: `${reason}${detail}`,
          advice: 'See the log of that trial, mend the script, and submit again.',
        },
      };
    }
    if (this.stopReason !== undefined) {
      await this.orchestration.warn(this.stopReason);
    }
    return { status: 'Completed' };
  }

  /** Says of the run which of its trials is the best. */
  private async recordBest(): Promise<void> {
    const { name, goal } = this.definition.primaryMetric;
    const scored = this.trials
      .map(({ child }) => ({ child, best: bestOf(this.values(child), goal) }))
      .filter((trial): trial is { child: ChildRun; best: number } => trial.best !== undefined);
    const leading = bestOf(
      scored.map(({ best }) => best),
      goal,
    );
    const leader = scored.find(({ best }) => best === leading);
    const { journal } = this.orchestration.options;
    if (leader === undefined) {
      const logged = new Set(this.trials.flatMap(({ child }) => child.metricNames));
      const names = logged.size === 0 ? 'nothing' : [...logged].map((metric) => `"${metric}"`).join(', ');
      await this.orchestration.warn(
        `No trial logged the primary metric "${name}"; they logged ${names}. The name must be that given to run.log.`,
      );
      await journal.append({ k: 'properties', v: { best_metric_status: 'Failed' } });
      return;
    }
    await this.orchestration.log(`The best trial is ${leader.child.runId}: ${name} ${leader.best}.`);
    await journal.append({
      k: 'properties',
      v: { score: String(leader.best), best_child_run_id: leader.child.runId, best_metric_status: 'Succeeded' },
    });
  }
}

/** The best of what was logged; undefined where nothing was, or nothing finite. */
function bestOf(values: readonly number[], goal: SweepDefinition['primaryMetric']['goal']): number | undefined {
  const better = goal === 'maximize' ? (a: number, b: number) => a > b : (a: number, b: number) => a < b;
  let best: number | undefined;
  for (const value of values) {
    if (Number.isFinite(value) && (best === undefined || better(value, best))) {
      best = value;
    }
  }
  return best;
}

/** As Azure ML appends them: by name, and a name without dashes gets two. */
function argumentsOf(hyperparameters: Hyperparameters): string[] {
  return Object.entries(hyperparameters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => [name.startsWith('-') ? name : `--${name}`, argumentText(value)]);
}

/** A sweep's texts stand for themselves. */
const noScope: TemplateScope = { parameter: String, output: String, input: String };

function scopeOf(hyperparameters: Hyperparameters): TemplateScope {
  return { ...noScope, parameter: (name) => argumentText(hyperparameters[name] ?? '') };
}
