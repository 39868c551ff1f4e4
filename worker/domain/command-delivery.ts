/**
 * How a waiting command reaches its unit: with the answer to whatever it sends. The same rules as
 * SQL stand in worker/d1/command-delivery.ts. Pure.
 */
import type { CommandEntry, PendingCommand } from './command.ts';

/** A command as a shard knows it. Times in Unix seconds. */
export interface WaitingCommand extends PendingCommand {
  expires_s: number;
  /** First time in an answer. */
  delivered_s: number | null;
}

/** What became of a command that no longer waits. */
export interface SettledCommand
  extends Pick<CommandEntry, 'id' | 'delivered_s' | 'settled_s' | 'outcome'> {}

/** How a unit hears of commands. */
export interface Listener {
  /** Id of the command that the unit says it carried out. */
  ack: string | undefined;
  /** v6 hears it until it acknowledges; older units hear it once. */
  acknowledges: boolean;
  /** v5.x knows `fetch_config` in heartbeat answers only; elsewhere it would be gone unheard. */
  inHeartbeat: boolean;
}

export interface Delivery {
  /** What goes into the answer. */
  delivered: PendingCommand | null;
  /** What waits from now on. */
  waiting: WaitingCommand | null;
  settled: SettledCommand | null;
}

/** Settles the command that waits if the unit acknowledges it or it is too old, or hands it out. */
export function deliver(waiting: WaitingCommand | null, to: Listener, nowS: number): Delivery {
  const nothing = { delivered: null, waiting, settled: null };
  if (waiting === null) return nothing;
  const { id, name, delivered_s } = waiting;
  const settle = (outcome: 'acked' | 'expired' | 'delivered', delivered = false): Delivery => ({
    delivered: delivered ? { id, name } : null,
    waiting: null,
    settled: {
      id,
      outcome,
      settled_s: nowS,
      delivered_s: delivered ? (delivered_s ?? nowS) : delivered_s,
    },
  });
  if (id === to.ack) return settle('acked');
  if (waiting.expires_s <= nowS) return settle('expired');
  if (to.acknowledges) {
    return {
      ...nothing,
      delivered: { id, name },
      waiting: { ...waiting, delivered_s: delivered_s ?? nowS },
    };
  }
  return to.inHeartbeat || name !== 'fetch_config' ? settle('delivered', true) : nothing;
}
