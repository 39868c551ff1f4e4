/** What is looked at, what is wrong, and what to do, in words. Knows no modem. */
import { msg } from '@lit/localize';
import type { CheckId, Fault } from './diagnosis.ts';

const CHECKS: Record<CheckId, () => string> = {
  answers: () => msg('Does the modem answer?'),
  radio: () => msg('Is its radio on?'),
  sim: () => msg('Is the SIM there and ready?'),
  bands: () => msg('Does it search on the right bands?'),
  signal: () => msg('Does it hear a network?'),
  power_saving: () => msg('Does it stay awake?'),
  operator: () => msg('May it choose the operator?'),
  registration: () => msg('Has a network taken it?'),
  attached: () => msg('May it exchange data?'),
  access_point: () => msg('Is its access point the right one?'),
  stack: () => msg('Is its way into the internet open?'),
  address: () => msg('Does it have an address?'),
  backend: () => msg('Does the server answer?'),
};
export const checkWords = (check: CheckId): string => CHECKS[check]();

const FAULTS: Record<Fault, () => [what: string, advice: string]> = {
  silent: () => [
    msg('The modem does not answer.'),
    msg(
      'Unplug the unit for ten seconds. If it stays silent, modem and board are not connected: open the unit or exchange it.',
    ),
  ],
  data_mode: () => [
    msg('The modem was waiting for data and took commands for some of it.'),
    msg('It has been filled up and answers again. Look once more.'),
  ],
  radio_off: () => [msg('The modem’s radio is off.'), msg('It is switched on by one command.')],
  sim_missing: () => [
    msg('No SIM is in the modem.'),
    msg(
      'Unplug the unit, put the SIM in until it clicks, its contacts as the drawing beside the slot shows, plug the unit in again.',
    ),
  ],
  sim_busy: () => [
    msg('The SIM is not ready yet.'),
    msg('Usually it is a few seconds after a start. If not, restarting the modem helps.'),
  ],
  sim_pin: () => [
    msg('The SIM wants its PIN.'),
    msg(
      'Type AT+CPIN="…" with the PIN below; better, have the PIN switched off by the SIM’s provider. After three wrong ones the SIM is locked.',
    ),
  ],
  sim_puk: () => [
    msg('The SIM is blocked after wrong PINs.'),
    msg('Ask the SIM’s provider for its PUK, or put in another SIM.'),
  ],
  sim_failed: () => [
    msg('The SIM does not work.'),
    msg('Take it out, wipe its contacts, put it back. If that does not help, put in another.'),
  ],
  wrong_bands: () => [
    msg('The modem searches on bands that no network here uses.'),
    msg('The right bands are set and the modem is restarted.'),
  ],
  no_signal: () => [
    msg('The modem hears no network at all.'),
    msg(
      'Screw the antenna tight. Then carry the unit to a window, antenna upwards, and look again after a minute.',
    ),
  ],
  power_saving: () => [
    msg('Power saving is on: the modem sleeps and cannot be reached.'),
    msg('It is switched off by one command.'),
  ],
  operator_by_hand: () => [
    msg('An operator was chosen by hand that is not on the air here.'),
    msg('The modem is left to choose by itself.'),
  ],
  denied: () => [
    msg('The network refuses this SIM.'),
    msg(
      'The SIM is not active, or its plan does not include NB-IoT here. Its provider can tell: send the report below.',
    ),
  ],
  searching: () => [
    msg('The modem searches and finds nothing that takes it.'),
    msg(
      'The modem is restarted, which begins the search anew. If it goes on: a window, another place, another antenna.',
    ),
  ],
  not_attached: () => [
    msg('The network has the modem, and no data goes through yet.'),
    msg('The modem asks for it anew; that may take a minute.'),
  ],
  wrong_access_point: () => [
    msg('The access point is not that of this SIM.'),
    msg('The right one is set, and the way into the internet opened with it.'),
  ],
  net_closed: () => [
    msg('The way into the internet is closed.'),
    msg('It is opened; that takes some seconds.'),
  ],
  no_address: () => [
    msg('The modem has no address.'),
    msg('The way into the internet is closed and opened again.'),
  ],
  backend_unknown: () => [
    msg('The server’s name is not known in the network.'),
    msg(
      'Is the host of this unit right? If so, wait some minutes: the name service of the network may be away.',
    ),
  ],
  backend_down: () => [
    msg('The modem is online, and the server does not answer it.'),
    msg(
      'Nothing is wrong with this unit. It keeps what it counts, and sends it when the server is back.',
    ),
  ],
};

export const faultWords = (fault: Fault): [what: string, advice: string] => FAULTS[fault]();
