/** The modem's answers, one command or fault at a time. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { luhnDigit } from './identity.ts';
import { TestUnit } from './testing/unit.ts';

test('says its boot lines, echoes until ATE0, and echoes again after a restart', () => {
  const unit = new TestUnit({ bootMs: 3000 });
  expect(unit.run(2990).text).toBe('');
  expect(unit.run(1000).lines).toEqual(['RDY', '+CFUN: 1', '+CPIN: READY', 'SMS Ready']);
  expect(unit.send('AT')).toEqual(['AT\r', 'OK']);
  expect(unit.send('ATE0')).toEqual(['ATE0\r', 'OK']);
  expect(unit.send('AT')).toEqual(['OK']);
  expect(unit.send('AT+CFUN=1,1', 500)).toEqual(['OK']);
  expect(unit.send('AT', 1000)).toEqual([]);
  expect(unit.until('SMS Ready', 5000)).not.toBeNull();
  expect(unit.send('AT')).toEqual(['AT\r', 'OK']);
});

test('the answer to a restart arrives whole on a slow line', () => {
  const unit = new TestUnit().ready();
  unit.modem.setPieces(1, 200);
  expect(unit.send('AT+CFUN=1,1', 3000)).toEqual(['OK']);
});

test('unknown commands and bad parameters are refused in the words CMEE asks for', () => {
  const unit = new TestUnit().ready();
  expect(unit.send('AT+NOSUCH')).toEqual(['ERROR']);
  expect(unit.send('AT+CIPRXGET=1')).toEqual(['ERROR']);
  expect(unit.send('AT+toString')).toEqual(['ERROR']);
  unit.send('AT+CMEE=1');
  expect(unit.send('AT+NOSUCH')).toEqual(['+CME ERROR: 100']);
  unit.send('AT+CMEE=2');
  expect(unit.send('AT+NOSUCH')).toEqual(['+CME ERROR: unknown']);
  expect(unit.send('AT+CMEE=3')).toEqual(['+CME ERROR: incorrect parameters']);
  expect(unit.send('AT+QCBAND=0,x')).toEqual(['+CME ERROR: incorrect parameters']);
  expect(unit.send('AT+CMEE?')).toEqual(['+CMEE: 2', 'OK']);
  expect(unit.send('hello')).toEqual([]);
  expect(unit.send(`AT+CSQ${' '.repeat(600)}`)).toEqual(['ERROR']);
});

test('identifies itself with numbers that pass their check digit and follow from the seed', () => {
  const unit = new TestUnit({ seed: 7 }).ready();
  const imei = unit.send('AT+CGSN')[0] ?? '';
  expect(imei).toMatch(/^00101900\d{7}$/);
  expect(luhnDigit(imei.slice(0, 14))).toBe(imei.slice(14));
  expect(unit.send('AT+CIMI')[0]).toMatch(/^00101\d{10}$/);
  const [iccid] = unit.send('AT+CCID');
  expect(iccid).toMatch(/^\+ICCID: 89\d{18}$/);
  expect(unit.send('AT+ICCID')[0]).toBe(iccid);
  expect(unit.send('ATI')).toContain(`IMEI: ${imei}`);
  expect(unit.send('AT+CGMR')[0]).toContain('SIM7028');
  expect(new TestUnit({ seed: 7 }).ready().send('AT+CGSN')[0]).toBe(imei);
  expect(new TestUnit({ seed: 8 }).ready().send('AT+CGSN')[0]).not.toBe(imei);
});

test('registration: searching, then roaming, with URCs as CEREG=n asks', () => {
  const unit = new TestUnit({ registrationDelayMs: 8000 }).ready();
  expect(unit.send('AT+CEREG?')).toEqual(['+CEREG: 0,2', 'OK']);
  expect(unit.send('AT+CPSI?')).toEqual(['+CPSI: NO SERVICE,Online', 'OK']);
  unit.send('AT+CEREG=2');
  expect(unit.until('+CEREG: 5,"2B0C","08310F03",9', 10_000)).not.toBeNull();
  expect(unit.send('AT+CEREG?')[0]).toBe('+CEREG: 2,5,"2B0C","08310F03",9');
  expect(unit.send('AT+CPSI?')[0]).toMatch(
    /^\+CPSI: NB-IOT,Online,310-260,0x2B0C,\d+,203,EUTRAN-BAND4,/,
  );
  unit.send('AT+CEREG=1');
  unit.modem.setSignal(99);
  expect(unit.text).toContain('+CEREG: 2\r\n');
  expect(unit.send('AT+CSQ')[0]).toBe('+CSQ: 99,99');
  unit.modem.setSignal(25);
  expect(unit.until('+CEREG: 5', 7000)).toBeNull();
  expect(unit.until('+CEREG: 5', 2000)).not.toBeNull();
});

test('a forced operator: one on the air registers, one that is not searches for ever', () => {
  const unit = new TestUnit().ready().run(9000);
  expect(unit.send('AT+COPS?')).toEqual(['+COPS: 0,2,"310260",9', 'OK']);
  unit.send('AT+COPS=1,2,"310410",9', 12_000);
  expect(unit.send('AT+COPS?')[0]).toBe('+COPS: 1,2,"310410",9');
  expect(unit.send('AT+CPSI?')[0]).toContain('310-410');
  unit.send('AT+COPS=1,2,"26201",9', 60_000);
  expect(unit.send('AT+CEREG?')[0]).toBe('+CEREG: 0,2');
  expect(unit.send('AT+COPS=?', 1000)).toEqual([]);
  expect(unit.until('(1,"AT&T","AT&T","310410",9)', 60_000)).not.toBeNull();
});

test('the SIM: missing, locked, unlocked', () => {
  const unit = new TestUnit({ sim: 'missing' }).ready();
  unit.send('AT+CMEE=2');
  expect(unit.send('AT+CPIN?')).toEqual(['+CME ERROR: SIM not inserted']);
  expect(unit.send('AT+CIMI')).toEqual(['+CME ERROR: SIM not inserted']);
  unit.modem.setSim('pin');
  expect(unit.send('AT+CPIN?')).toEqual(['+CPIN: SIM PIN', 'OK']);
  expect(unit.send('AT+CIMI')).toEqual(['+CME ERROR: SIM PIN required']);
  expect(unit.send('AT+CPIN="0000"')).toEqual(['+CME ERROR: incorrect parameters']);
  expect(unit.send('AT+CPIN="1111"', 300)).toEqual(['OK', '+CPIN: READY']);
  expect(unit.run(9000).modem.status.cereg).toBe(5);
});

test('contexts: CID 0 is there, cannot go, and no second one shares its APN', () => {
  const unit = new TestUnit().ready().run(9000);
  unit.send('AT+CMEE=2');
  expect(unit.send('AT+CGDCONT?')[0]).toBe('+CGDCONT: 0,"IP","","0.0.0.0",0,0,0,0');
  expect(unit.send('AT+CGDCONT=0')).toEqual(['+CME ERROR: operation not allowed']);
  expect(unit.send('AT+CGDCONT=0,"IP","hologram"')).toEqual(['OK']);
  expect(unit.send('AT+CGDCONT?')[0]).toMatch(/^\+CGDCONT: 0,"IP","hologram","10\.\d+\.\d+\.\d+",/);
  expect(unit.send('AT+CGDCONT=1,"IP","hologram"')).toEqual(['OK']);
  expect(unit.send('AT+CGACT=1,1', 2000)).toEqual(['+CME ERROR: duplicate APN']);
  expect(unit.send('AT+CGACT?')).toEqual(['+CGACT: 0,1', '+CGACT: 1,0', 'OK']);
  unit.send('AT+CFUN=1,1', 500);
  unit.ready();
  expect(unit.send('AT+CGDCONT?')).toHaveLength(3);
});

test('NETOPEN: not before registration, not twice; NETCLOSE: not when closed', () => {
  const unit = new TestUnit().ready();
  unit.send('AT+CGDCONT=0,"IP","hologram"');
  expect(unit.send('AT+NETOPEN')).toEqual(['+NETOPEN: 1', 'ERROR']);
  expect(unit.send('AT+IPADDR')).toEqual(['+IP ERROR: Network not opened', 'ERROR']);
  unit.run(9000);
  expect(unit.send('AT+NETOPEN', 3000)).toEqual(['OK', '+NETOPEN: 0']);
  expect(unit.send('AT+NETOPEN')).toEqual(['+IP ERROR: Network is already opened', 'ERROR']);
  expect(unit.send('AT+IPADDR')[0]).toMatch(/^\+IPADDR: 10\./);
  expect(unit.send('AT+NETCLOSE', 3000)).toEqual(['OK', '+NETCLOSE: 0']);
  expect(unit.send('AT+NETCLOSE')).toEqual(['+NETCLOSE: 2', 'ERROR']);
});

test('losing the network for longer than a moment closes the IP stack', () => {
  const unit = new TestUnit().online();
  unit.modem.setRegistration('searching');
  unit.run(8000).modem.setRegistration('roaming');
  expect(unit.run(10_000).modem.status).toMatchObject({ netOpen: true, cereg: 5 });
  unit.modem.setRegistration('denied');
  unit.run(25_000);
  expect(unit.modem.status).toMatchObject({ netOpen: false, cereg: 3 });
  expect(unit.text).toContain('+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY');
});

test('CGATT=0 and CFUN=0 go off the air; CGATT=1 and CFUN=1 come back', () => {
  const unit = new TestUnit().online();
  expect(unit.send('AT+CGATT=0', 2000)[0]).toBe('OK');
  expect(unit.send('AT+CGATT?')[0]).toBe('+CGATT: 0');
  expect(unit.send('AT+CGATT=1', 1000)).toEqual([]);
  expect(unit.until('OK', 10_000)).not.toBeNull();
  expect(unit.send('AT+CGATT?')[0]).toBe('+CGATT: 1');
  unit.send('AT+CFUN=0', 1000);
  expect(unit.send('AT+CPSI?')[0]).toBe('+CPSI: NO SERVICE,Low Power Mode');
  expect(unit.send('AT+CGATT=1', 1000)).toEqual(['ERROR']);
  unit.send('AT+CFUN=1', 9000);
  expect(unit.modem.status.cereg).toBe(5);
});

test('a power cut ends everything, and the next boot starts afresh', () => {
  const unit = new TestUnit().online();
  unit.send('AT+CMEE=2');
  unit.modem.setPowered(false);
  expect(unit.clock.pending).toBe(0);
  expect(unit.send('AT', 60_000)).toEqual([]);
  unit.modem.setPowered(true);
  unit.ready();
  expect(unit.send('AT+CMEE?')[0]).toBe('+CMEE: 0');
  expect(unit.modem.status.netOpen).toBe(false);
  unit.modem.dispose();
  expect(unit.clock.pending).toBe(0);
});

test('commands that arrive while one is worked on are answered in turn', () => {
  const unit = new TestUnit().ready();
  unit.send('AT+CSQ\r\nAT+CEREG?\r\nATI', 0);
  unit.run(500);
  expect(unit.lines.filter((line) => line === 'OK')).toHaveLength(3);
  expect(unit.lines[0]).toBe('+CSQ: 18,99');
});

test('whatever bytes come, the modem survives and answers AT again within a minute', () => {
  const noise = fc.uint8Array({ minLength: 0, maxLength: 200 });
  const commands = fc
    .constantFrom(
      'AT+CIPSEND=0,5\r',
      'AT+CGDCONT=0,"IP","hologram\r',
      'AT+CIPOPEN=9,"TCP","",0\r',
      'AT+COPS=1,2,"310260",9\r',
      'AT+CGACT=,\r',
      'AT+CFUN=4\r',
    )
    .map((text) => new TextEncoder().encode(text));
  fc.assert(
    fc.property(fc.array(fc.oneof(noise, commands), { maxLength: 8 }), (parts) => {
      const unit = new TestUnit({ bootMs: 10, registrationDelayMs: 10 });
      unit.run(1000);
      for (const part of parts) {
        unit.modem.write(part);
        unit.clock.advance(50);
      }
      unit.clock.advance(200_000);
      unit.write('\r');
      unit.clock.advance(1000);
      unit.send('AT', 0);
      unit.clock.advance(1000);
      expect(unit.lines.at(-1)).toBe('OK');
    }),
    { numRuns: 60 },
  );
});

test('unsolicited lines can be switched on and off, and never answer anybody', () => {
  const unit = new TestUnit().ready();
  unit.modem.setUrcInterval(1000);
  unit.send('', 30_000);
  expect(unit.lines.length).toBeGreaterThan(10);
  expect(unit.lines.every((line) => /^[+*]/.test(line))).toBe(true);
  unit.modem.setUrcInterval(0);
  expect(unit.send('', 30_000)).toEqual([]);
});
