/**
 * What the mail of a week says, and the page that ends it, in each language. Only words; figures
 * and dates come formatted by the language.
 */
import type { Language } from '../../shared/contracts/week-mail.ts';

export interface WeekMailWords {
  subject(shop: string, from: string, to: string): string;
  /** `isOne` says whether the number in words is one. */
  visitors(n: string, isOne: boolean): string;
  nothing: string;
  more(percent: string): string;
  fewer(percent: string): string;
  same: string;
  fromTo(before: string, now: string): string;
  busiest(day: string): string;
  byDay: string;
  noData: string;
  sales(n: string, isOne: boolean, share: string): string;
  /** More than visitors were counted. */
  manySales(n: string): string;
  estimate: string;
  look: string;
  end: string;
  /** Of the page that ends them. */
  title: string;
  ask(shop: string): string;
  button: string;
  ended(shop: string): string;
  unknown: string;
}

export const WEEK_MAIL_WORDS: Record<Language, WeekMailWords> = {
  en: {
    subject: (shop, from, to) => `${shop}: your week, ${from} to ${to}`,
    visitors: (n, isOne) => `About ${n} ${isOne ? 'visitor' : 'visitors'}.`,
    nothing: 'Nothing was counted in this week. Please check that the sensors have power.',
    more: (percent) => `${percent} more than in the week before.`,
    fewer: (percent) => `${percent} fewer than in the week before.`,
    same: 'As many as in the week before.',
    fromTo: (before, now) => `From ${before} in the week before to ${now}, over the same hours.`,
    busiest: (day) => `Busiest day: ${day}.`,
    byDay: 'Day by day:',
    noData: 'no data',
    sales: (n, isOne, share) =>
      `${n} ${isOne ? 'sale' : 'sales'}: about ${share} of visitors bought something.`,
    manySales: (n) => `${n} sales: more than visitors, who are an estimate.`,
    estimate: 'Visitors are an estimate from phones nearby. No phone is ever identified.',
    look: 'The week in full:',
    end: 'To end these mails:',
    title: 'Mails on Mondays',
    ask: (shop) => `Do you want to end the Monday mails about ${shop}?`,
    button: 'End the mails',
    ended: (shop) =>
      `The Monday mails about ${shop} have ended. You can switch them on again in My store.`,
    unknown: 'These mails have ended already.',
  },
  de: {
    subject: (shop, from, to) => `${shop}: Ihre Woche, ${from} bis ${to}`,
    visitors: (n) => `Etwa ${n} Besucher.`,
    nothing: 'In dieser Woche wurde nichts gezählt. Bitte prüfen Sie, ob die Sensoren Strom haben.',
    more: (percent) => `${percent} mehr als in der Woche davor.`,
    fewer: (percent) => `${percent} weniger als in der Woche davor.`,
    same: 'So viele wie in der Woche davor.',
    fromTo: (before, now) => `Von ${before} in der Woche davor auf ${now}, über dieselben Stunden.`,
    busiest: (day) => `Stärkster Tag: ${day}.`,
    byDay: 'Tag für Tag:',
    noData: 'keine Daten',
    sales: (n, isOne, share) =>
      `${n} ${isOne ? 'Verkauf' : 'Verkäufe'}: Etwa ${share} der Besucher haben etwas gekauft.`,
    manySales: (n) => `${n} Verkäufe: mehr als Besucher, deren Zahl geschätzt ist.`,
    estimate:
      'Besucher sind eine Schätzung anhand von Handys in der Nähe. Kein Handy wird je identifiziert.',
    look: 'Die ganze Woche:',
    end: 'Diese E-Mails abbestellen:',
    title: 'E-Mails am Montag',
    ask: (shop) => `Möchten Sie die Montagsmails zu ${shop} abbestellen?`,
    button: 'Abbestellen',
    ended: (shop) =>
      `Die Montagsmails zu ${shop} sind abbestellt. In Mein Laden können Sie sie wieder einschalten.`,
    unknown: 'Diese E-Mails sind schon abbestellt.',
  },
  es: {
    subject: (shop, from, to) => `${shop}: su semana, del ${from} al ${to}`,
    visitors: (n, isOne) => `Aproximadamente ${n} ${isOne ? 'visitante' : 'visitantes'}.`,
    nothing: 'Esta semana no se contó nada. Compruebe que los sensores tienen corriente.',
    more: (percent) => `${percent} más que la semana anterior.`,
    fewer: (percent) => `${percent} menos que la semana anterior.`,
    same: 'Tantos como la semana anterior.',
    fromTo: (before, now) => `De ${before} la semana anterior a ${now}, en las mismas horas.`,
    busiest: (day) => `Día con más gente: ${day}.`,
    byDay: 'Día por día:',
    noData: 'sin datos',
    sales: (n, isOne, share) =>
      `${n} ${isOne ? 'venta' : 'ventas'}: aproximadamente el ${share} de los visitantes compró algo.`,
    manySales: (n) => `${n} ventas: más que visitantes, cuyo número es una estimación.`,
    estimate:
      'Los visitantes son una estimación a partir de los teléfonos cercanos. Nunca se identifica ninguno.',
    look: 'La semana completa:',
    end: 'Para dejar de recibir estos correos:',
    title: 'Correos de los lunes',
    ask: (shop) => `¿Quiere dejar de recibir los correos de los lunes sobre ${shop}?`,
    button: 'Dejar de recibirlos',
    ended: (shop) =>
      `Ya no recibirá los correos de los lunes sobre ${shop}. Puede activarlos de nuevo en Mi tienda.`,
    unknown: 'Estos correos ya están desactivados.',
  },
};
