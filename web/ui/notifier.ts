/**
 * Alerts as the browser shows them: through the service worker, since phones know no other way, and
 * as a number on the icon of the app. Knows no backend.
 */
import { msg, str } from '@lit/localize';
import type { Alert } from '../../shared/contracts/alert.ts';
import type { Notifier, Permission } from '../app/alert-watch.ts';
import { isolated } from '../app/isolated.ts';

/** Ours, among whatever else may come one day. */
const TAG = 'alert ';

/** {@link Notifier} of this browser. */
export function browserNotifier(): Notifier {
  return {
    permission,
    async ask() {
      return permission() === 'no' ? 'no' : await Notification.requestPermission();
    },
    async show(alert, key) {
      const { title, body } = alertWords(alert);
      const path = alert.location_id === null ? '/sign-in' : `/store/${alert.location_id}`;
      const registration = await navigator.serviceWorker.ready;
      await registration.showNotification(title, {
        body,
        tag: TAG + key,
        icon: '/icons/icon-192.png',
        lang: document.documentElement.lang,
        data: { path },
      });
    },
    async keepOnly(keys) {
      const registration = await navigator.serviceWorker?.getRegistration();
      const shown = (await registration?.getNotifications()) ?? [];
      for (const one of shown) {
        const isOurs = one.tag.startsWith(TAG);
        if (isOurs && !keys.includes(one.tag.slice(TAG.length))) one.close();
      }
    },
    badge(count) {
      // Where there is no icon it is refused, and that is all.
      const done = count > 0 ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.();
      done?.catch((error: unknown) => console.debug('There is no number on the icon.', error));
    },
  };
}

function permission(): Permission {
  const isPossible = 'Notification' in window && navigator.serviceWorker?.controller;
  return isPossible ? Notification.permission : 'no';
}

/** What an owner reads of an alert. */
export function alertWords(alert: Alert): { title: string; body: string } {
  const sensor = alert.name ?? alert.device_id;
  switch (alert.kind) {
    case 'silent':
      return {
        title: msg(str`The sensor ${isolated(sensor)} is silent`),
        body: msg('Nothing has come from it for a day. Look whether it has power.'),
      };
    case 'anomaly':
      return {
        title: msg(str`The sensor ${isolated(sensor)} reports what cannot be`),
        body: msg('What it counts is looked at before it stands in your numbers.'),
      };
    case 'radio':
      return {
        title: msg(str`The sensor ${isolated(sensor)} does not hear everything`),
        body: msg('One of its receivers is broken: it counts too little, or nothing.'),
      };
    case 'credential':
      return {
        title: msg(str`The sensor ${isolated(sensor)} was prepared anew`),
        body: msg('If nobody was there to do that, tell who looks after your sensors.'),
      };
  }
}
