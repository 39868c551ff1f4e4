/** What Linux tells of a process and of its connections, without asking it (proc(5)). */
import { readFileSync } from 'node:fs';

const LISTENING = '0A';
/** Closed on this side already; the kernel keeps it for a minute. */
const TIME_WAIT = '06';

/** Connections to a port of this machine that its server has not closed (proc_net_tcp in Linux). */
export function connectionsOf(port: number): number {
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1);
  const states = lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local]) => local?.endsWith(hex));
  return states.filter(([, , , state]) => state !== LISTENING && state !== TIME_WAIT).length;
}

/** Linux tells in hundredths of a second, whatever the kernel counts in (proc_pid_stat(5)). */
const TICK_MS = 10;

/** User and system time of a process since its start. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // fields 14 and 15; the name in field 2 may hold spaces
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
