/** The stores behind people's routes and the jobs, for the composition root. */
import { d1AlertStore, d1SilenceStore } from './alert.ts';
import { d1AuditStore } from './audit.ts';
import { d1BrakeStore } from './brake.ts';
import { d1FleetStore } from './fleet.ts';
import { d1IncidentStore } from './incident.ts';
import { d1CommandExpiry, d1JobStore } from './job.ts';
import { d1NoticeStore } from './notice.ts';
import { d1RelationStore } from './relation.ts';
import { d1RetentionStore } from './retention.ts';
import { d1StatusStore } from './status.ts';
import {
  d1ActivationStore,
  d1CredentialStore,
  d1ReservationStore,
  d1UnitChangeStore,
} from './unit-change.ts';
import { d1WorkOrderStore } from './work-order.ts';

export function d1PortalStores(db: D1Database) {
  return {
    activations: d1ActivationStore(db),
    alerts: d1AlertStore(db),
    audit: d1AuditStore(db),
    brakes: d1BrakeStore(db),
    commandExpiry: d1CommandExpiry(db),
    credentials: d1CredentialStore(db),
    fleet: d1FleetStore(db),
    incidents: d1IncidentStore(db),
    jobs: d1JobStore(db),
    notices: d1NoticeStore(db),
    relations: d1RelationStore(db),
    reservations: d1ReservationStore(db),
    retention: d1RetentionStore(db),
    silence: d1SilenceStore(db),
    status: d1StatusStore(db),
    unitChanges: d1UnitChangeStore(db),
    workOrders: d1WorkOrderStore(db),
  };
}
