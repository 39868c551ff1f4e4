/**
 * What a modem needs to know of where it is used: access point and bands. Settings of the backend
 * say it (MODEM_APN, MODEM_BANDS); where they say nothing, the region's default holds.
 */
import * as v from 'valibot';

/** As it goes between quotes into an AT command; 3GPP TS 23.003 9.1: labels of a domain name. */
export const Apn = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9._-]{1,63}$/, 'must be an access point name like iot.example.net'),
);

/** E-UTRA bands with NB-IoT, 3GPP TS 36.101 table 5.5F-1: numbers separated by commas. */
export const Bands = v.pipe(
  v.string(),
  v.regex(/^(?=.{1,31}$)\d{1,3}(,\d{1,3})*$/, 'must be band numbers like 2,4,12'),
);

/** United States: Hologram's SIM, which roams in the NB-IoT networks of T-Mobile and AT&T. */
export const REGION_DEFAULT = { apn: 'hologram', bands: '2,4,12,13,66' } as const;
