/** How the backend is, and who changed what. */
import { AuditPage, AuditQuery } from '../../../shared/contracts/audit.ts';
import { NoticesPage, NoticesQuery } from '../../../shared/contracts/notice.ts';
import { BackendStatus } from '../../../shared/contracts/status.ts';
import { listChanges } from '../../domain/audit.ts';
import { listNotices } from '../../domain/notice.ts';
import { backendStatus } from '../../domain/status.ts';
import { type Route, route } from './route.ts';

export const statusRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/status',
    summary: 'Database latency, lag of the sync, last runs of the jobs, counts',
    who: ['admin'],
    answers: { 200: BackendStatus },
    handle: ({ services }) => backendStatus(services),
  }),
  route({
    method: 'GET',
    path: '/audit',
    summary: 'Who changed what and when, newest first; of one target, action, person, time',
    who: ['admin'],
    query: AuditQuery,
    answers: { 200: AuditPage },
    example: { query: { target: 'unit:JBNB0001' } },
    handle: ({ services, query }) => listChanges(services.audit, query),
  }),
  route({
    method: 'GET',
    path: '/notices',
    summary: 'Notices to administrators that belong to no unit, newest first',
    who: ['admin'],
    query: NoticesQuery,
    answers: { 200: NoticesPage },
    handle: ({ services, query }) => listNotices(services.notices, query),
  }),
];
