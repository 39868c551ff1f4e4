/** Work orders: what to do where; installers take and close them. */
import * as v from 'valibot';
import {
  AssignWorkOrder,
  CloseWorkOrder,
  NewWorkOrder,
  WorkOrder,
  WorkOrderId,
  WorkOrdersPage,
  WorkOrdersQuery,
} from '../../../shared/contracts/work-order.ts';
import {
  assignWorkOrder,
  closeWorkOrder,
  createWorkOrder,
  listWorkOrders,
} from '../../domain/work-order.ts';
import { type Route, route } from './route.ts';

const WORKERS = ['installer', 'admin'] as const;
const Params = v.object({ id: WorkOrderId });
const params = { id: '019a0000000abcde' };

export const workOrderRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/work-orders',
    summary: 'Work orders, newest first; an installer sees free and own ones',
    who: WORKERS,
    query: WorkOrdersQuery,
    answers: { 200: WorkOrdersPage },
    handle: ({ services, person, query }) => listWorkOrders(services, person, query),
  }),
  route({
    method: 'POST',
    path: '/work-orders',
    summary: 'Order work at a location',
    who: ['admin'],
    body: NewWorkOrder,
    answers: { 201: WorkOrder },
    example: { body: { kind: 'install', location_id: 'bakery', note: 'Two units, by the door' } },
    async handle({ services, person, body, nowMs, c }) {
      return c.json<WorkOrder>(await createWorkOrder(services, { person, nowMs }, body), 201);
    },
  }),
  route({
    method: 'PUT',
    path: '/work-orders/{id}/assignee',
    summary: 'Give a work order to an installer, take a free one, or give an own one back',
    who: WORKERS,
    params: Params,
    body: AssignWorkOrder,
    answers: { 200: WorkOrder },
    example: { params, body: { user_id: null } },
    handle: ({ services, person, params, body, nowMs }) =>
      assignWorkOrder(services, { person, nowMs }, params.id, body.user_id),
  }),
  route({
    method: 'POST',
    path: '/work-orders/{id}/close',
    summary: 'Close a work order with how it ended',
    who: WORKERS,
    params: Params,
    body: CloseWorkOrder,
    answers: { 200: WorkOrder },
    example: { params, body: { outcome: 'done', note: 'Both online' } },
    handle: ({ services, person, params, body, nowMs }) =>
      closeWorkOrder(services, { person, nowMs }, params.id, body),
  }),
];
