/**
 * Work orders: administrators make and assign them, installers take free ones, and who holds one
 * closes it. Knows no HTTP and no SQL.
 */

import { hexDigits } from '../../shared/bytes.ts';
import type { Me } from '../../shared/contracts/portal.ts';
import type {
  CloseWorkOrder,
  NewWorkOrder,
  WorkOrder,
  WorkOrdersPage,
} from '../../shared/contracts/work-order.ts';
import { AppError } from '../../shared/errors.ts';
import { isoTime } from '../../shared/time.ts';
import { type Change, changeOf, type PersonContext } from './audit.ts';
import type { LocationStore } from './location.ts';
import { type PageQuery, paged } from './page.ts';
import type { PeopleStore } from './person.ts';

/** A row; times in Unix seconds by the backend's clock. */
export interface WorkOrderRow extends Omit<WorkOrder, 'created_at' | 'closed_at'> {
  created_s: number;
  closed_s: number | null;
}

export interface WorkOrderFilter {
  openOnly: boolean;
  /** Only those that this person holds or nobody does. */
  forInstaller: string | undefined;
  beforeId: string | undefined;
  limit: number;
}

export interface WorkOrderStore {
  /** False, and nothing done, when whom it is for installs nothing any more. */
  add(order: WorkOrderRow, change: Change): Promise<boolean>;
  find(id: string): Promise<WorkOrderRow | null>;
  /** Newest first. */
  list(filter: WorkOrderFilter): Promise<WorkOrderRow[]>;
  /**
   * False when it is closed, or someone else than `expected` holds it by now, or whom it is for
   * installs nothing any more.
   */
  assign(id: string, to: string | null, expected: string | null, change: Change): Promise<boolean>;
  /** False when somebody has closed it. */
  close(order: WorkOrderRow, change: Change): Promise<boolean>;
}

/** What a use-case about work orders needs. */
export interface WorkOrderPorts {
  workOrders: WorkOrderStore;
  locations: LocationStore;
  people: PeopleStore;
}

/** @throws AppError `invalid` for an unknown place or person */
export async function createWorkOrder(
  { workOrders, locations, people }: WorkOrderPorts,
  { person, nowMs }: PersonContext,
  wanted: NewWorkOrder,
): Promise<WorkOrder> {
  if (!(await locations.find(wanted.location_id))) {
    throw new AppError('invalid', 'location_id: there is no such location');
  }
  const { assigned_to: to = null } = wanted;
  if (to !== null) await checkInstaller(people, to);
  const order: WorkOrderRow = {
    id: idAt(nowMs),
    kind: wanted.kind,
    location_id: wanted.location_id,
    device_id: wanted.device_id ?? null,
    note: wanted.note,
    created_s: Math.floor(nowMs / 1000),
    created_by: person.user_id,
    assigned_to: to,
    closed_s: null,
    closed_by: null,
    outcome: null,
  };
  const { kind, location_id, device_id, assigned_to } = order;
  const after = { kind, location_id, device_id, assigned_to };
  const traced = change({ person, nowMs }, 'work_order.create', order.id, { after });
  if (!(await workOrders.add(order, traced))) throw noInstaller();
  return toWorkOrder(order);
}

/** One more row than asked for shows whether there is a next page. */
export async function listWorkOrders(
  { workOrders }: WorkOrderPorts,
  person: Me,
  query: PageQuery & { state: 'open' | 'all' },
): Promise<WorkOrdersPage> {
  const filter = {
    openOnly: query.state === 'open',
    forInstaller: person.role === 'installer' ? person.user_id : undefined,
    beforeId: query.cursor,
  };
  const ask = (limit: number) => workOrders.list({ ...filter, limit });
  const { rows, next_cursor } = await paged(ask, query.limit, ({ id }) => id);
  return { work_orders: rows.map(toWorkOrder), next_cursor };
}

/**
 * An administrator gives it to anyone; an installer takes a free one or gives an own one back.
 * @throws AppError `not_found`, `forbidden`, `conflict`, `invalid` for someone who installs nothing
 */
export async function assignWorkOrder(
  ports: WorkOrderPorts,
  { person, nowMs }: PersonContext,
  id: string,
  to: string | null,
): Promise<WorkOrder> {
  const order = await openOrder(ports.workOrders, person, id);
  if (person.role !== 'admin' && to !== null && to !== person.user_id) {
    throw new AppError('forbidden', 'Only an administrator may give work to others.');
  }
  if (to !== null) await checkInstaller(ports.people, to);
  const facts = { before: { assigned_to: order.assigned_to }, after: { assigned_to: to } };
  const traced = change({ person, nowMs }, 'work_order.assign', id, facts);
  const done = await ports.workOrders.assign(id, to, order.assigned_to, traced);
  if (!done) throw overtaken();
  return toWorkOrder({ ...order, assigned_to: to });
}

/** @throws AppError `not_found`, `forbidden` for who does not hold it, `conflict` */
export async function closeWorkOrder(
  { workOrders }: WorkOrderPorts,
  { person, nowMs }: PersonContext,
  id: string,
  { outcome, note }: CloseWorkOrder,
): Promise<WorkOrder> {
  const order = await openOrder(workOrders, person, id);
  if (person.role !== 'admin' && order.assigned_to !== person.user_id) {
    throw new AppError('forbidden', 'Take the work order before you close it.');
  }
  const closed: WorkOrderRow = {
    ...order,
    closed_s: Math.floor(nowMs / 1000),
    closed_by: person.user_id,
    outcome,
    note: note ?? order.note,
  };
  const facts = { before: { outcome: null }, after: { outcome } };
  const done = await workOrders.close(
    closed,
    change({ person, nowMs }, 'work_order.close', id, facts),
  );
  if (!done) throw overtaken();
  return toWorkOrder(closed);
}

/** An open one that the person may see: to an installer, another's is not there. */
async function openOrder(store: WorkOrderStore, person: Me, id: string): Promise<WorkOrderRow> {
  const order = await store.find(id);
  const anothers = order?.assigned_to !== null && order?.assigned_to !== person.user_id;
  if (!order || (person.role === 'installer' && anothers)) {
    throw new AppError('not_found', 'There is no such work order.');
  }
  if (order.closed_s !== null) {
    throw new AppError('conflict', 'This work order is closed.', { hint: 'Make a new one.' });
  }
  return order;
}

async function checkInstaller(people: PeopleStore, userId: string): Promise<void> {
  const role = (await people.find(userId))?.role;
  if (role === 'installer' || role === 'admin') return;
  throw noInstaller();
}

function noInstaller(): AppError {
  return new AppError('invalid', 'user_id: there is no such installer');
}

function overtaken(): AppError {
  return new AppError('conflict', 'Someone else changed this work order just now.', {
    hint: 'Load it again and look.',
  });
}

type OrderAction = 'work_order.create' | 'work_order.assign' | 'work_order.close';
function change(
  { person, nowMs }: PersonContext,
  action: OrderAction,
  id: string,
  facts: Parameters<typeof changeOf>[3],
): Change {
  return changeOf({ actor: person.user_id, nowMs }, action, `work-order:${id}`, facts);
}

/** In time order as text until the year 2527, and nobody guesses it. */
function idAt(nowMs: number): string {
  const random = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  return hexDigits(nowMs, 11) + hexDigits(random & 0xfffff, 5);
}

function toWorkOrder({ created_s, closed_s, ...row }: WorkOrderRow): WorkOrder {
  return {
    ...row,
    created_at: isoTime(created_s),
    closed_at: isoTime(closed_s),
  };
}
