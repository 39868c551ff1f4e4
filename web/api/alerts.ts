/** Open alerts of whoever is signed in, fetched when there is time. Knows no element. */
import { type Alert, AlertsPage } from '../../shared/contracts/alert.ts';
import type { Http } from './http.ts';

/** Newest first; the first page of them. */
export async function openAlerts(http: Http): Promise<readonly Alert[]> {
  const path = '/api/v1/alerts?state=open';
  return (await http.send({ path, answer: AlertsPage })).alerts;
}
