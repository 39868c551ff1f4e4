/**
 * The load: so many clients, each sends its next reading as soon as the last one is answered, and
 * the same one again for as long as it is not, as units do. Knows no process and no table.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Client, NoAnswer } from './client.ts';
import { requestOf } from './readings.ts';

export interface LoadPlan {
  host: string;
  port: number;
  connections: number;
  /** Begin to count after these … */
  warm_up_ms: number;
  /** … for so long. */
  measure_ms: number;
  /** Number of the first reading; the next ones follow. */
  first: number;
  /** Start of the newest period, Unix seconds. */
  last_s: number;
  /** How many units send; all that there are when left out. */
  units?: number;
  /** Part of the requests in which the client hangs up before it has an answer, 0 to 1. */
  hang_up?: number;
  /** After the time, each client may try for so long to get its last reading acknowledged. */
  patience_ms?: number;
}

export interface LoadResult {
  /** Number after the last reading; every one before was acknowledged or refused. */
  next: number;
  /** Time of each answered request that began and ended while it counted, ms. */
  took_ms: number[];
  counted_ms: number;
  /** Answers by status, over the whole time. */
  statuses: Record<string, number>;
  /** 201 with the note that the reading was known. */
  repeats: number;
  /** Requests without an answer: hung up, or the other side was gone. */
  unanswered: number;
  /** Readings that were given up without an acknowledgement. */
  given_up: number[];
}

const DAY_MS = 86_400_000;
/** Between tries of a client whose server is not there. */
const RETRY_MS = 50;

/** Runs a plan to its end. @param onCounting is called when counting begins and when it ends */
export async function runLoad(
  plan: LoadPlan,
  onCounting: (began: boolean) => void = () => {},
): Promise<LoadResult> {
  const begun = performance.now();
  const countFrom = begun + plan.warm_up_ms;
  const countTo = countFrom + plan.measure_ms;
  const result: LoadResult = {
    next: plan.first,
    took_ms: [],
    counted_ms: plan.measure_ms,
    statuses: {},
    repeats: 0,
    unanswered: 0,
    given_up: [],
  };
  const counting = (async () => {
    await pause(plan.warm_up_ms);
    onCounting(true);
    await pause(plan.measure_ms);
    onCounting(false);
  })();
  const one = async () => {
    const client = new Client(plan);
    while (performance.now() < countTo) {
      const n = result.next;
      result.next += 1;
      await deliver(client, n, plan, result, { countFrom, countTo });
    }
    client.close();
  };
  await Promise.all(Array.from({ length: plan.connections }, one));
  await counting;
  return result;
}

/** Long enough that some were stored, on busy machines as well: their next one is a repeat. */
const HANGS_UP_WITHIN_MS = 60;

/** Sends reading n until it is answered. */
async function deliver(
  client: Client,
  n: number,
  plan: LoadPlan,
  result: LoadResult,
  { countFrom, countTo }: { countFrom: number; countTo: number },
): Promise<void> {
  const request = requestOf(n, plan.host, plan.last_s, plan.units);
  const until = countTo + (plan.patience_ms ?? DAY_MS);
  while (performance.now() < until) {
    const start = performance.now();
    if (plan.hang_up && start < countTo && Math.random() < plan.hang_up) {
      // anywhere in the request, or just after it
      const bytes = Math.ceil(Math.random() * 1.5 * request.length);
      await client.hangUp(request, bytes, Math.random() * HANGS_UP_WITHIN_MS);
      result.unanswered += 1;
      continue;
    }
    const answer = await client.ask(request).catch(notAnswered);
    if (answer === null) {
      result.unanswered += 1;
      await pause(RETRY_MS);
      continue;
    }
    const end = performance.now();
    if (start >= countFrom && end <= countTo) result.took_ms.push(end - start);
    result.statuses[answer.status] = (result.statuses[answer.status] ?? 0) + 1;
    if (answer.body.includes('duplicate_ignored')) result.repeats += 1;
    if (answer.status < 500) return;
    await pause(RETRY_MS);
  }
  result.given_up.push(n);
}

function notAnswered(error: unknown): null {
  if (error instanceof NoAnswer) return null;
  throw error;
}
