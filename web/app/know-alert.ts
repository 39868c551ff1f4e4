/** Saying that one knows of an alert, wherever it is listed: it may wait for a network. */
import { msg } from '@lit/localize';
import type { Alert } from '../../shared/contracts/alert.ts';
import { AppError } from '../../shared/errors.ts';
import type { Changes } from './changes.ts';

/**
 * @param me the user id
 * @param nowMs Unix milliseconds by the backend's clock
 * @returns the alert as it is then
 * @throws AppError when it was refused; what waits is no failure
 */
export async function knowAlert(
  changes: Changes,
  alert: Alert,
  { me, nowMs }: { me: string; nowMs: number },
): Promise<Alert> {
  const { device_id, kind, started } = alert;
  const fate = await changes.put(device_id, { what: 'sensor_alert', kind, started });
  if (fate === 'troubled') {
    throw new AppError('conflict', msg('This was not taken.'), {
      hint: msg('Why is said on the page of the sensor.'),
    });
  }
  const at = new Date(nowMs).toISOString();
  return { ...alert, acknowledged_at: at, acknowledged_by: me };
}
