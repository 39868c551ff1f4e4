/** What lines of a modem mean: real-looking ones, split apart by others, echoed, malformed. */
import { describe, expect, test } from 'vitest';
import { decode, type Fact, masked } from './decode.ts';

/** A line, the command it answers (null: nobody asked), and what it says. */
const SAID: readonly [string, string | null, Fact[]][] = [
  ['+CSQ: 14,99', '+CSQ', [{ is: 'signal', dbm: -85 }]],
  ['+CSQ: 0,0', '+CSQ', [{ is: 'signal', dbm: -113 }]],
  ['+CSQ: 31,7', '+CSQ', [{ is: 'signal', dbm: -51 }]],
  ['+CSQ:99,99', '+CSQ', [{ is: 'signal', dbm: null }]],
  ['+CEREG: 0,5', '+CEREG', [{ is: 'registration', state: 'roaming' }]],
  ['+CEREG: 5', null, [{ is: 'registration', state: 'roaming' }]],
  [
    '+CEREG: 2,1,"1A2B","01A2B3C4",9',
    '+CEREG',
    [
      { is: 'registration', state: 'home' },
      { is: 'cell', tac: '1A2B', id: '01A2B3C4' },
    ],
  ],
  [
    '+CEREG: 2,"1A2B","01A2B3C4",9',
    null,
    [
      { is: 'registration', state: 'searching' },
      { is: 'cell', tac: '1A2B', id: '01A2B3C4' },
    ],
  ],
  [
    '+CPSI: NB-IOT,Online,310-260,0x1A2B,12345,203,EUTRAN-BAND4,2300,0,0,-11,-95,-84,9',
    '+CPSI',
    [
      { is: 'service', system: 'NB-IOT', mode: 'Online' },
      { is: 'operator', plmn: '310260' },
      { is: 'band', band: 4 },
      { is: 'quality', rsrp: -95, rssi: -84, snr: 9 },
    ],
  ],
  [
    '+CPSI: NB,Online,310-410,0x2,7',
    '+CPSI',
    [
      { is: 'service', system: 'NB', mode: 'Online' },
      { is: 'operator', plmn: '310410' },
    ],
  ],
  ['+CPSI: NO SERVICE,Online', '+CPSI', [{ is: 'no_service', mode: 'Online' }]],
  [
    '+COPS: 1,2,"310260",9',
    '+COPS',
    [
      { is: 'operator', plmn: '310260' },
      { is: 'operator_choice', by: 'hand' },
    ],
  ],
  ['+COPS: 0', '+COPS', [{ is: 'operator_choice', by: 'modem' }]],
  [
    '+COPS: (2,"T-Mobile","T-Mobile","310260",9),(3,"AT&T","AT&T","310410",9),,(0,1,2,3,4),(0,1,2)',
    '+COPS',
    [
      {
        is: 'on_air',
        operators: [
          { plmn: '310260', name: 'T-Mobile', state: 'current' },
          { plmn: '310410', name: 'AT&T', state: 'forbidden' },
        ],
      },
    ],
  ],
  ['+COPS: ,,(0,1,2,3,4),(0,1,2)', '+COPS', []],
  ['+QCBAND: 0,2,4,12', '+QCBAND', [{ is: 'bands', bands: [2, 4, 12] }]],
  [
    '+CGDCONT: 0,"IP","hologram","10.1.2.3",0,0,0,0',
    '+CGDCONT',
    [{ is: 'context', cid: 0, apn: 'hologram', address: '10.1.2.3' }],
  ],
  [
    '+CGDCONT: 1,"IP","a,b","0.0.0.0"',
    '+CGDCONT',
    [{ is: 'context', cid: 1, apn: 'a,b', address: null }],
  ],
  ['+CGACT: 0,1', '+CGACT', [{ is: 'context_active', cid: 0, active: true }]],
  ['+CGATT: 0', '+CGATT', [{ is: 'attached', attached: false }]],
  ['+IPADDR: 10.1.2.3', '+IPADDR', [{ is: 'address', address: '10.1.2.3' }]],
  ['+NETCLOSE: 2', '+NETCLOSE', [{ is: 'stack', state: 'was_closed' }]],
  ['+IP ERROR: Network is already opened', '+NETOPEN', [{ is: 'stack', state: 'was_open' }]],
  ['+IP ERROR: Network not opened', '+IPADDR', [{ is: 'stack', state: 'was_closed' }]],
  ['+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY', null, [{ is: 'stack', state: 'lost' }]],
  ['+CIPOPEN: 0,0', '+CIPOPEN', [{ is: 'socket', n: 0, event: 'opened', error: 0 }]],
  ['+CIPOPEN: 0,11', '+CIPOPEN', [{ is: 'socket', n: 0, event: 'error', error: 11 }]],
  ['+IPCLOSE: 0,1', null, [{ is: 'socket', n: 0, event: 'closed_by_peer', error: null }]],
  ['+CIPSEND: 0,40,40', '+CIPSEND', [{ is: 'sent', n: 0, asked: 40, taken: 40 }]],
  ['+CIPSEND: 0,40,-1', '+CIPSEND', [{ is: 'sent', n: 0, asked: 40, taken: null }]],
  ['+IPD17', null, [{ is: 'received', bytes: 17 }]],
  ['RECV FROM:10.9.8.7:80', null, [{ is: 'from', host: '10.9.8.7', port: 80 }]],
  ['+CPIN: READY', '+CPIN', [{ is: 'sim', state: 'ready' }]],
  ['+CPIN: NOT READY', '+CPIN', [{ is: 'sim', state: 'busy' }]],
  ['+CPIN: SIM PUK', '+CPIN', [{ is: 'sim', state: 'puk' }]],
  ['310260123456789', '+CIMI', [{ is: 'identity', of: 'imsi', digits: '310260123456789' }]],
  ['867000000000017', '+CGSN', [{ is: 'identity', of: 'imei', digits: '867000000000017' }]],
  ['IMEI: 867000000000017', 'I', [{ is: 'identity', of: 'imei', digits: '867000000000017' }]],
  [
    '+ICCID: 89883070000000000017',
    '+ICCID',
    [{ is: 'identity', of: 'iccid', digits: '89883070000000000017' }],
  ],
  ['+CFUN: 4', '+CFUN', [{ is: 'function', level: 'flight' }]],
  ['+CMEE: 2', '+CMEE', [{ is: 'error_words', level: 2 }]],
  ['+CPSMS: 1,,,"00100100","00000001"', '+CPSMS', [{ is: 'power_saving', on: true }]],
  ['+CEDRXS: 5,"0010"', '+CEDRXS', [{ is: 'long_sleep', on: true }]],
  ['+CEDRXS: 5', '+CEDRXS', [{ is: 'long_sleep', on: false }]],
  ['+CME ERROR: SIM busy', '+CPIN', [{ is: 'error', of: 'CME', number: 14, words: 'SIM busy' }]],
  ['+CME ERROR: 10', '+CPIN', [{ is: 'error', of: 'CME', number: 10, words: 'SIM not inserted' }]],
  ['+CMS ERROR: 331', null, [{ is: 'error', of: 'CMS', number: 331, words: 'no network service' }]],
  [
    '+CME ERROR: duplicate APN',
    null,
    [{ is: 'error', of: 'CME', number: null, words: 'duplicate APN' }],
  ],
  ['RDY', null, [{ is: 'restarted' }]],
  ['NORMAL POWER DOWN', null, [{ is: 'powered_down' }]],
];

test.each(SAID)('%s (asked %s)', (line, asked, facts) => {
  const found = decode(line, asked);
  expect(found).toEqual(facts.length === 0 ? null : facts);
  // Line ends and blanks around are the transport's.
  expect(decode(`\r\n ${line}\r\n`, asked)).toEqual(found);
});

test('of +NETOPEN, asked how it is, 1 means open; when it opens, 0 means that it worked', () => {
  expect(decode('+NETOPEN: 1', '+NETOPEN', true)).toEqual([{ is: 'stack', state: 'open' }]);
  expect(decode('+NETOPEN: 0', '+NETOPEN', true)).toEqual([{ is: 'stack', state: 'closed' }]);
  expect(decode('+NETOPEN: 0', '+NETOPEN')).toEqual([{ is: 'stack', state: 'open' }]);
  expect(decode('+NETOPEN: 1', '+NETOPEN')).toEqual([{ is: 'stack', state: 'failed' }]);
});

describe('nothing is guessed', () => {
  test.each([
    ...['', 'OK', 'ERROR', '>', 'AT+CSQ', '+CSQ', '+CSQ:', '+CSQ: ', '+CSQ: abc', '+CSQ: 32,99'],
    ...['+CSQ: -1,99', '+CSQ: 1e1', '+CEREG: 0,11', '+CEREG: x', '+CEREG: ,', '+CPSI: NB-IOT'],
    ...['+CPSI: XYZ,Online,310-260', '+COPS: 9', '+QCBAND: 0', '+QCBAND: 0,a', '+CGDCONT: 0'],
    ...['+CGATT: 2', '+IPADDR: 0.0.0.0', '+IPADDR: ::1', '+NETOPEN: x', '+CIPOPEN: 0'],
    ...['+CIPOPEN: 0,77', '+CIPSEND: 0,40', '+IPD', '+CPIN: WHAT', '+CFUN: 7', '+CMEE: 3'],
    ...['+CSQ: 14,99+CEREG: 0,5', '12345', '310260123456789', 'ICCID', '+ICCID: 8988', '+WHAT: 1'],
  ])('%j', (line) => {
    expect(decode(line)).toBeNull();
  });
});

test('who modem, card and subscriber are is masked wherever it stands', () => {
  expect(masked('867000000000017')).toBe('•••••••••••0017');
  expect(masked('IMEI: 867000000000017')).toBe('IMEI: •••••••••••0017');
  expect(masked('+ICCID: 89883070000000000017')).toBe('+ICCID: ••••••••••••••••0017');
  expect(masked('+ICCID: 8988307000000000001F')).not.toContain('89883');
  expect(masked('AT+CPIN="1111"')).toBe('AT+CPIN=••••');
  expect(masked('AT+CPIN?')).toBe('AT+CPIN?');
  // A time and a cell are no secret.
  expect(masked('+CCLK: "26/12/01,06:30:00-32"')).toContain('26/12/01,06:30:00');
  expect(masked('+CEREG: 2,1,"1A2B","01A2B3C4",9')).toContain('01A2B3C4');
});

test('a line of random bytes says nothing, and breaks nothing', () => {
  let seed = 7;
  const next = () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed;
  };
  const names = ['+CSQ: ', '+CPSI: ', '+COPS: ', '+CGDCONT: ', '+CEREG: ', ''];
  for (let i = 0; i < 5000; i += 1) {
    const bytes = Array.from({ length: next() % 60 }, () => 32 + (next() % 95));
    const line = `${names[i % names.length]}${String.fromCharCode(...bytes)}`;
    for (const fact of decode(line) ?? []) expect(fact.is, line).toEqual(expect.any(String));
    expect(masked(line)).not.toMatch(/\d{14}/);
  }
});
