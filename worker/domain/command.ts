/** Commands that wait for a unit: names, life time and ids. Knows no HTTP and no SQL. */

/** Commands every generation knows (device API). */
export type CommandName = 'send_now' | 'reboot' | 'geolocate' | 'ota_check' | 'fetch_config';

/** A v6 unit hears a command again until it acknowledges, at most a day (device API). */
export const COMMAND_LIFE_S = 86_400;

/** A command as it goes into an answer. */
export interface PendingCommand {
  id: string;
  name: CommandName;
}

/** What is written when a command is queued; it takes the place of one that still waits. */
export interface QueuedCommand extends PendingCommand {
  device_id: string;
  queued_s: number;
  expires_s: number;
}

/** A command for a unit, waiting from now on. The id is 32 random bits: unique within one unit. */
export function queuedCommand(deviceId: string, name: CommandName, nowMs: number): QueuedCommand {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  const queuedS = Math.floor(nowMs / 1000);
  return {
    device_id: deviceId,
    id: random.toString(16).padStart(8, '0'),
    name,
    queued_s: queuedS,
    expires_s: queuedS + COMMAND_LIFE_S,
  };
}

/** The command's part of an answer; v5.x gets no id, it would only fill its buffer. */
export function commandFields(command: PendingCommand | null, withId: boolean) {
  if (!command) return {};
  return withId ? { command: command.name, command_id: command.id } : { command: command.name };
}
