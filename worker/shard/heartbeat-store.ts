/** Heartbeats and hours of requests in shards. */
import type { HeartbeatStore } from '../domain/heartbeat.ts';
import type { AdmissionStore } from '../domain/rate-limit.ts';
import { askShard, tellNewsOf, type UnitShards } from './unit-shards.ts';

export function shardHeartbeatStore(units: UnitShards): HeartbeatStore {
  return {
    async record(entry, credential) {
      const { device_id } = credential;
      const heard = await askShard(units, device_id, (shard) => shard().hear(entry, credential));
      if (heard.hasNews) await tellNewsOf(units, device_id);
      return heard;
    },
  };
}

export function shardAdmissionStore(units: UnitShards): AdmissionStore {
  return {
    admit: (who, kind, nowS) =>
      askShard(units, who.device_id, (shard) => shard().admit(who, kind, nowS)),
  };
}
