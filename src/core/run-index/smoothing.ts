import { chunkLength } from './pointColumns.ts';

/**
 * An exponential moving average that does not lean towards zero at its start (the bias correction of Kingma and Ba, Adam,
 * ICLR 2015). Values that are not finite pass through and leave it as it is.
 */
export class Smoothing {
  private readonly weight: number;
  private averages = new Float64Array(chunkLength);
  private average = 0;
  private share = 1;

  /** @param weight of what came before, from 0 up to 1 */
  constructor(weight: number) {
    this.weight = Math.min(weight, 0.9999);
  }

  /** The average after each value. What is given is used for the next chunk again. */
  apply(values: Float64Array): Float64Array {
    if (values.length > this.averages.length) {
      this.averages = new Float64Array(values.length * 2);
    }
    const { weight, averages } = this;
    const rest = 1 - weight;
    let { average, share } = this;
    for (let index = 0; index < values.length; index++) {
      const value = values[index] as number;
      if (value - value !== 0) {
        averages[index] = value;
      } else {
        average = weight * average + rest * value;
        if (share > Number.EPSILON / 4) {
          share *= weight;
          averages[index] = average / (1 - share);
        } else {
          // What is left of the start no longer changes a digit.
          averages[index] = average;
        }
      }
    }
    this.average = average;
    this.share = share;
    return averages;
  }
}
