/** Alerts, and saying that somebody knows. */
import { Alert, AlertKey, AlertsPage, AlertsQuery } from '../../../shared/contracts/alert.ts';
import { acknowledgeAlert, listAlerts } from '../../domain/alert.ts';
import { requireRelation } from '../../domain/relation.ts';
import { type Route, route } from './route.ts';

const EVERYONE = ['owner', 'installer', 'admin'] as const;
const LOOKERS = [...EVERYONE, 'staff'] as const;

export const alertRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/alerts',
    summary: 'Silent and anomalous units, newest first; an owner sees own ones',
    who: LOOKERS,
    query: AlertsQuery,
    answers: { 200: AlertsPage },
    example: { query: { state: 'all' } },
    handle: ({ services, person, query }) => listAlerts(services.alerts, person, query),
  }),
  route({
    method: 'POST',
    path: '/alerts/{id}/{kind}/{started}/acknowledge',
    summary: 'Say that somebody knows; the alert ends with its cause',
    who: EVERYONE,
    params: AlertKey,
    answers: { 200: Alert },
    example: { params: { id: 'JBNB0001', kind: 'silent', started: '1769600000' } },
    async handle({ services, person, params: { id, kind, started }, nowMs }) {
      // knowing of a new token ends its alert: not for who has nothing to do with the unit
      await requireRelation(services.relations, { person, nowMs }, id);
      const alert = { device_id: id, kind, started_s: started };
      return acknowledgeAlert(services.alerts, { person, nowMs }, alert);
    },
  }),
];
