/**
 * Looks at a deployment from outside, as its callers do: a v5.x unit over a raw socket, counting
 * the bytes it could read, and a browser. Knows neither wrangler nor the Worker's insides.
 */
import { connect } from 'node:net';
import { type Ask, plainDoor, unitsDoor } from './doors.ts';
import { error, type Finding, warning } from './finding.ts';
import { lookAtSignUp } from './sign-up.ts';

export interface LiveTarget {
  deviceHost: string;
  devicePort: number;
  /** Where people go, like `https://bench.example.net`. */
  page: string;
  /** The same hostname without TLS, like `http://bench.example.net`. */
  plainPage: string;
  /** Where the device hostname's socket really goes; tests have it on this machine. */
  deviceAddress?: string;
}

/** What a v5.x unit reads of an answer, status line and headers included. */
const UNIT_READS_BYTES = 511;
/** The longest answer of ours to a v5.x unit: a configuration (docs/formats/device-api.md). */
const OWN_ANSWER_MAX = 308;
const TIMEOUT_MS = 20_000;
/** After the last byte, where the other side keeps the connection. */
const IDLE_MS = 2000;
const ID = 'JBNB0000';
const REFUSAL = '{"error":"unknown unit or wrong token"}';
/** The Worker's part of its refusal; what comes beyond, the edge has added. */
const OWN_REFUSAL = [
  'HTTP/1.1 401 Unauthorized',
  'Content-Type: application/json',
  `Content-Length: ${REFUSAL.length}`,
  '',
  REFUSAL,
].join('\r\n');

const STATUS = /^HTTP\/1\.[01] (\d{3})/;

/** As the firmware sends it: no User-Agent, no Accept. Nobody has the token. */
export function oldUnitRequest(host: string): string {
  const body = `{"d":"${ID}","t":"2026-01-28T12:15:00Z","i":450,"u":120,"ts":1}`;
  const headers = [
    'POST /api/reading HTTP/1.1',
    `Host: ${host}`,
    'Authorization: Bearer nobody-has-this-token-nobody-has-this-token',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  return `${headers.join('\r\n')}\r\n\r\n${body}`;
}

/**
 * Everything that comes back to `text`, as bytes in characters.
 * @param isEnough looks at what came so far; left out, waits until nothing more comes
 * @throws Error without an answer
 */
export function exchange(
  host: string,
  port: number,
  text: string,
  isEnough: (received: string) => boolean = () => false,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(port, host, () => socket.write(text));
    const done = () => {
      socket.destroy();
      if (received === '') reject(new Error('no answer'));
      else resolve(received);
    };
    socket.setTimeout(TIMEOUT_MS, done);
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      if (isEnough(received)) done();
      else socket.setTimeout(IDLE_MS);
    });
    socket.on('end', done);
    socket.on('error', reject);
  });
}

/** Whether an answer that says its length has come whole. */
export function isWhole(received: string): boolean {
  const head = received.indexOf('\r\n\r\n');
  const length = /^content-length: *(\d+)/im.exec(received.slice(0, head))?.[1];
  return head >= 0 && length !== undefined && received.length >= head + 4 + Number(length);
}

/** Whether a unit could work with this answer to `oldUnitRequest`. */
export function judgeUnitAnswer(wire: string): Finding[] {
  const status = Number(STATUS.exec(wire)?.[1] ?? 0);
  const head = wire.slice(0, wire.indexOf('\r\n\r\n'));
  if (status >= 300 && status < 400) {
    return [error('Plain HTTP is redirected: switch Always Use HTTPS off for DEVICE_HOST.')];
  }
  if (status === 403 || status === 503 || /^cf-mitigated:/im.test(head)) {
    return [error(`Units are challenged (${status}): ${UNCHALLENGED}`)];
  }
  if (status !== 401 || !wire.includes(REFUSAL)) {
    return [error(`A unit’s reading was answered ${status}, not by this Worker’s refusal.`)];
  }
  return [...judgeHeaders(head), ...judgeBytes(wire)];
}

const UNCHALLENGED =
  'switch Browser Integrity Check off for DEVICE_HOST by a configuration rule, and Bot Fight Mode off for the zone; units send no User-Agent.';

function judgeHeaders(head: string): Finding[] {
  return ['NEL', 'Report-To']
    .filter((name) => new RegExp(`^${name}:`, 'im').test(head))
    .map((name) => error(`${name} is sent: switch Network Error Logging off.`));
}

function judgeBytes(wire: string): Finding[] {
  const edge = wire.length - OWN_REFUSAL.length;
  const longest = edge + OWN_ANSWER_MAX;
  const words = `The edge adds ${edge} bytes; our longest answer has ${longest} with them`;
  if (longest > UNIT_READS_BYTES) {
    return [error(`${words}, of which a v5.x unit reads ${UNIT_READS_BYTES}.`)];
  }
  const found = [warning(`${words}; a v5.x unit reads ${UNIT_READS_BYTES}.`)];
  const lie = /20[01]/.exec(wire)?.[0];
  if (lie) {
    found.push(
      warning(
        `This refusal happened to hold “${lie}”, which v5.x takes for success (decision 0048).`,
      ),
    );
  }
  return found;
}

/** Asks everything. Faults come back as findings, whatever happens. */
export async function lookLive(target: LiveTarget): Promise<Finding[]> {
  const looks = [units, health, page, missingChunk, plainPortal, signUp];
  const found = await Promise.all(looks.map((look) => attempt(() => look(target), look.name)));
  return found.flat();
}

async function attempt(look: () => Promise<Finding[]>, what: string): Promise<Finding[]> {
  try {
    return await look();
  } catch (failure) {
    const cause = failure instanceof Error && failure.cause ? ` (${failure.cause})` : '';
    return [error(`${NAMES[what] ?? what}: ${failure}${cause}`)];
  }
}

const NAMES: Record<string, string> = {
  units: 'The device hostname does not answer a unit',
  health: 'The device hostname’s /health',
  page: 'The page',
  missingChunk: 'A missing script of the page',
  plainPortal: 'Plain HTTP on the page’s hostname',
  signUp: 'Whether strangers can sign up',
};

async function units({ deviceHost, devicePort, deviceAddress }: LiveTarget) {
  const at = deviceAddress ?? deviceHost;
  const found = judgeUnitAnswer(await exchange(at, devicePort, oldUnitRequest(deviceHost)));
  const ask: Ask = async (method, path) => {
    const lines = [`${method} ${path} HTTP/1.1`, `Host: ${deviceHost}`, 'Content-Length: 0'];
    const request = `${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`;
    const answer = await exchange(at, devicePort, request, (text) => STATUS.test(text));
    return { status: Number(STATUS.exec(answer)?.[1] ?? 0), location: null };
  };
  if ((await ask('GET', '/')).status !== 404) {
    found.push(error(`http://${deviceHost}/ is answered: only units’ routes may be.`));
  }
  return [...found, ...(await unitsDoor(ask, deviceHost))];
}

async function health({ deviceHost, devicePort, deviceAddress }: LiveTarget) {
  const request = `GET /health HTTP/1.1\r\nHost: ${deviceHost}\r\nConnection: close\r\n\r\n`;
  const answer = await exchange(deviceAddress ?? deviceHost, devicePort, request);
  if (/^HTTP\/1\.1 200 /.test(answer) && answer.includes('"ok"')) return [];
  return [error(`DEVICE_HOST answered “${answer.split('\r\n')[0]}” to GET /health.`)];
}

const ask = (url: string) =>
  fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });

async function page(target: LiveTarget): Promise<Finding[]> {
  const answer = await ask(`${target.page}/`);
  const text = await answer.text();
  if (answer.status !== 200 || !text.includes('<jb-app')) {
    return [error(`${target.page}/ is answered ${answer.status}, without the page.`)];
  }
  const policy = answer.headers.get('content-security-policy') ?? '';
  if (policy.startsWith("default-src 'none'")) return [];
  return [error(`${target.page}/ comes without its security policy.`)];
}

async function missingChunk(target: LiveTarget): Promise<Finding[]> {
  const url = `${target.page}/assets/not-there-${Date.now().toString(36)}.js`;
  const { status, headers } = await ask(url);
  const kept = /max-age=[1-9]|immutable/.test(headers.get('cache-control') ?? '');
  if (status === 404 && !kept) return [];
  const how = kept ? 'and may be kept' : 'as if it were there';
  return [error(`${url} is answered ${status} ${how}: it must be 404 and not cached.`)];
}

function plainPortal({ plainPage }: LiveTarget): Promise<Finding[]> {
  const ask: Ask = async (method, path) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await fetch(plainPage + path, { method, redirect: 'manual', signal });
    await answer.body?.cancel();
    return { status: answer.status, location: answer.headers.get('location') };
  };
  return plainDoor(ask, plainPage);
}

const signUp = (target: LiveTarget) => lookAtSignUp(target.page);
