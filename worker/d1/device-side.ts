/** The stores behind the device side's ports beyond readings and heartbeats. */

import { d1AdminListStore } from './admin-list.ts';
import { d1AdminUnitStore } from './admin-unit.ts';
import { d1AnomalyStore } from './anomaly.ts';
import { d1CommandStore } from './command.ts';
import { d1ConfigStore } from './config.ts';
import { d1HologramStore } from './hologram.ts';
import { d1JudgementStore } from './judgement.ts';
import { d1OtaStore } from './ota.ts';
import { d1PinStore } from './pin.ts';
import { d1PlaceStore } from './place.ts';
import { d1AdmissionStore } from './rate-limit.ts';

export function d1DeviceSide(db: D1Database) {
  return {
    admission: d1AdmissionStore(db),
    anomalies: d1AnomalyStore(db),
    commands: d1CommandStore(db),
    configs: d1ConfigStore(db),
    hologram: d1HologramStore(db),
    judgements: d1JudgementStore(db),
    ota: d1OtaStore(db),
    pins: d1PinStore(db),
    places: d1PlaceStore(db),
    adminLists: d1AdminListStore(db),
    adminUnits: d1AdminUnitStore(db),
  };
}
