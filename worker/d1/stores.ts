/** Every store that one D1 database is behind, for the composition root: the registry. */

import { d1ActivationStore } from './activation.ts';
import { d1AdminUnitStore } from './admin-unit.ts';
import { d1AlertStore } from './alert.ts';
import { d1AnomalyStore } from './anomaly.ts';
import { d1AuditStore } from './audit.ts';
import { d1BrakeStore } from './brake.ts';
import { d1CommandStore } from './command.ts';
import { d1ConfigStore } from './config.ts';
import { d1CredentialStore, d1UnitFinder } from './credential.ts';
import { d1ErasureStore } from './erasure.ts';
import { d1FleetActionStore } from './fleet-action.ts';
import { d1GeolocationStore } from './geolocation.ts';
import { d1HologramStore } from './hologram.ts';
import { d1IncidentStore } from './incident.ts';
import { d1CommandExpiry, d1JobStore } from './job.ts';
import { d1KeptAnswerStore } from './kept-answer.ts';
import { d1LocationStore } from './location.ts';
import { d1LocationRecordStore } from './location-record.ts';
import { d1NoticeStore } from './notice.ts';
import { d1OpeningHoursStore } from './opening-hours.ts';
import { d1OtaStore } from './ota.ts';
import { d1PeopleStore } from './person.ts';
import { d1PersonPlacesStore } from './person-places.ts';
import { d1PinStore } from './pin.ts';
import { d1RelationStore } from './relation.ts';
import { d1ReservationStore } from './reservation.ts';
import { d1RetentionStore } from './retention.ts';
import { d1RollupStore } from './rollup.ts';
import { d1ShopDayStore } from './shop-day.ts';
import { d1SilenceStore } from './silence.ts';
import { d1SmallCountStore } from './small-counts.ts';
import { d1StaffStore } from './staff.ts';
import { d1StatusStore } from './status.ts';
import { d1TrailStore } from './trail.ts';
import { d1UnitStore } from './unit.ts';
import { d1UnitChangeStore } from './unit-change.ts';
import { d1WeekMailStore } from './week-mail.ts';
import { d1WorkOrderStore } from './work-order.ts';

/** Under the names of the domain's ports, some of which lack what shards know. */
export function d1Stores(db: D1Database) {
  return {
    activations: d1ActivationStore(db),
    adminUnits: d1AdminUnitStore(db),
    alerts: d1AlertStore(db),
    anomalies: d1AnomalyStore(db),
    audit: d1AuditStore(db),
    brakes: d1BrakeStore(db),
    commandExpiry: d1CommandExpiry(db),
    commands: d1CommandStore(db),
    configs: d1ConfigStore(db),
    credentials: d1CredentialStore(db),
    unitFinder: d1UnitFinder(db),
    fleetActions: d1FleetActionStore(db),
    erasures: d1ErasureStore(db),
    hologram: d1HologramStore(db),
    incidents: d1IncidentStore(db),
    jobs: d1JobStore(db),
    keptAnswers: d1KeptAnswerStore(db),
    locations: d1LocationStore(db),
    locationRecords: d1LocationRecordStore(db),
    notices: d1NoticeStore(db),
    openingHours: d1OpeningHoursStore(db),
    ota: d1OtaStore(db),
    people: d1PeopleStore(db),
    personPlaces: d1PersonPlacesStore(db),
    pins: d1PinStore(db),
    geolocations: d1GeolocationStore(db),
    relations: d1RelationStore(db),
    reservations: d1ReservationStore(db),
    retention: d1RetentionStore(db),
    rollups: d1RollupStore(db),
    shopDays: d1ShopDayStore(db),
    silence: d1SilenceStore(db),
    smallCounts: d1SmallCountStore(db),
    staff: d1StaffStore(db),
    status: d1StatusStore(db),
    trails: d1TrailStore(db),
    unitChanges: d1UnitChangeStore(db),
    units: d1UnitStore(db),
    weekMails: d1WeekMailStore(db),
    workOrders: d1WorkOrderStore(db),
  };
}
