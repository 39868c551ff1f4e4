/** Stands in for a portal: notes what is asked, and fails while it is told to. */
import type { AppError } from '../../../shared/errors.ts';

export class Asked {
  readonly calls: string[] = [];
  failing: AppError | null = null;

  /** @param call what was asked, as the test will look for it */
  answer<T>(call: string, value: T): Promise<T> {
    this.calls.push(call);
    return this.failing ? Promise.reject(this.failing) : Promise.resolve(value);
  }
}
