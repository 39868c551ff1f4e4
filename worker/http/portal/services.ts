/** What people's routes and the jobs need, behind the domain's ports. Knows no adapter. */
import type { ActivationPorts } from '../../domain/activation.ts';
import type { AlertStore } from '../../domain/alert.ts';
import type { AuditStore } from '../../domain/audit.ts';
import type { CommandStore } from '../../domain/command.ts';
import type { FleetStore } from '../../domain/fleet.ts';
import type { JobPorts } from '../../domain/job.ts';
import type { Mail } from '../../domain/mail.ts';
import type { CredentialStore, ReservationStore } from '../../domain/provisioning.ts';
import type { RelationStore } from '../../domain/relation.ts';
import type { StatusPorts } from '../../domain/status.ts';
import type { TimeZoneAt, UnitChangeStore } from '../../domain/unit-change.ts';
import type { WorkOrderPorts } from '../../domain/work-order.ts';

/** Ports that several nouns share are named once: locations, people, units, pins. */
export interface PortalServices extends ActivationPorts, JobPorts, StatusPorts, WorkOrderPorts {
  alerts: AlertStore;
  audit: AuditStore;
  commands: CommandStore;
  credentials: CredentialStore;
  fleet: FleetStore;
  relations: RelationStore;
  reservations: ReservationStore;
  unitChanges: UnitChangeStore;
  timeZoneAt: TimeZoneAt;
  /** Mails that development keeps instead of sending, newest first. */
  outbox(): Promise<(Mail & { sent_ms: number })[]>;
}
