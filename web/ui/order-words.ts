/** What work orders are called. Knows no page. */
import { msg } from '@lit/localize';
import type { CloseWorkOrder, NewWorkOrder } from '../../shared/contracts/work-order.ts';

/** How work can end, in the order in which it is offered. */
export const OUTCOMES = [
  'done',
  'not_possible',
  'not_needed',
] as const satisfies CloseWorkOrder['outcome'][];

/** What is to be done. */
export function kindName(kind: NewWorkOrder['kind']): string {
  switch (kind) {
    case 'install':
      return msg('Install');
    case 'inspect':
      return msg('Look after');
    case 'replace':
      return msg('Replace');
    case 'remove':
      return msg('Take down');
  }
}

/** How it ended; what is not known stays as it came. */
export function outcomeName(outcome: string): string {
  if (outcome === 'done') return msg('Done');
  if (outcome === 'not_possible') return msg('Not possible');
  return outcome === 'not_needed' ? msg('Not needed') : outcome;
}
