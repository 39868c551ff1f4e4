/**
 * The twelve bring-up steps by name, as people read them; what is sent in each stays as it is.
 * Knows no unit.
 */
import { msg } from '@lit/localize';

const NAMES: readonly (() => string)[] = [
  () => msg('Modem answers'),
  () => msg('Echo off'),
  () => msg('SIM ready'),
  () => msg('Lock bands'),
  () => msg('Restart modem'),
  () => msg('Modem answers again'),
  () => msg('Register on the network'),
  () => msg('Close old IP stack'),
  () => msg('Set APN'),
  () => msg('Attach'),
  () => msg('Open IP stack'),
  () => msg('Get an address'),
];

/** @param step of BRINGUP_STEPS; one that this page does not know keeps the unit's name */
export const stepName = ({ step, name }: { step: number; name: string }): string =>
  NAMES[step - 1]?.() ?? name;
