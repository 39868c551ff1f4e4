/**
 * A stand-in for the part of Supabase Auth that Supabase Lite does not have: second factors. It
 * answers as github.com/supabase/auth does (internal/api/mfa.go, user.go, token.go), refuses what
 * that refuses, and knows one person, one password and one code. Anything else is 404.
 */

interface Session {
  token: string;
  refresh: string;
  aal: 'aal1' | 'aal2';
}

interface KnownFactor {
  id: string;
  factor_type: 'totp';
  friendly_name: string;
  status: 'unverified' | 'verified';
}

const ANN = { id: '11111111-1111-4111-8111-111111111111', email: 'ann@example.net' };
export const CODE = '123456';
export const TOKEN_HASH = 'a-link-that-works-once';
const LIFE_S = 900;

/** The service, and what lies in it. */
export class FactorService {
  factors: KnownFactor[] = [];
  password = 'the first password';
  /** False: an operator has switched TOTP off. */
  enrolls = true;
  #sessions: Session[] = [];
  #challenges = new Map<string, string>();
  #link: string | null = TOKEN_HASH;
  #count = 0;
  readonly #person: { id: string; email: string };
  readonly #sign: (unsigned: string) => string;

  /** @param sign the signature of a token, base64url; without one nobody else believes it */
  constructor(person = ANN, sign: (unsigned: string) => string = () => 'c2ln') {
    this.#person = person;
    this.#sign = sign;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const { pathname, searchParams } = new URL(request.url);
    const route = `${request.method} ${pathname.replace(/^.*\/auth\/v1/, '')}`;
    const body = request.body ? await request.json() : {};
    const session = this.#sessions.find(
      ({ token }) => request.headers.get('authorization') === `Bearer ${token}`,
    );
    return this.#answer(route, searchParams, body as Record<string, string>, session);
  };

  /** A session by password alone, as the service gives it. */
  begin(): object {
    return this.#issue({ token: '', refresh: '', aal: 'aal1' });
  }

  #answer(
    route: string,
    query: URLSearchParams,
    body: Record<string, string>,
    session: Session | undefined,
  ): Response {
    if (route === 'POST /token') return this.#token(query.get('grant_type'), body);
    if (route === 'POST /verify') return this.#verifyLink(body);
    if (!session) return refuse(401, 'no_authorization', 'no session');
    const [, id = '', action] = /^\w+ \/factors\/([\w-]+)(?:\/(\w+))?$/.exec(route) ?? [];
    const factor = this.factors.find((known) => known.id === id);
    switch (true) {
      case route === 'GET /user':
        return Response.json(this.#user());
      case route === 'PUT /user':
        return this.#changePassword(session, body);
      case route === 'POST /logout':
        this.#sessions = [];
        return new Response(null, { status: 204 });
      case route === 'POST /factors':
        return this.#enroll(session, body);
      case !factor:
        return refuse(404, 'mfa_factor_not_found', 'Factor not found');
      case action === 'challenge':
        return this.#challenge(factor);
      case action === 'verify':
        return this.#verify(session, factor, body);
      case route.startsWith('DELETE'):
        return this.#unenroll(session, factor);
      default:
        return refuse(404, 'not_found', route);
    }
  }

  #token(grant: string | null, body: Record<string, string>): Response {
    if (grant === 'refresh_token') {
      const session = this.#sessions.find(({ refresh }) => refresh === body.refresh_token);
      if (session) return Response.json(this.#issue(session));
      return refuse(400, 'refresh_token_not_found', 'Invalid Refresh Token');
    }
    const isRight = body.email === this.#person.email && body.password === this.password;
    if (!isRight) return refuse(400, 'invalid_credentials', 'Invalid login credentials');
    return Response.json(this.begin());
  }

  #verifyLink({ token_hash = '', type = '' }: Record<string, string>): Response {
    if (token_hash !== this.#link || type !== 'recovery')
      return refuse(403, 'otp_expired', 'Email link is invalid or has expired');
    this.#link = null;
    return Response.json(this.begin());
  }

  #changePassword(session: Session, { password = '' }: Record<string, string>): Response {
    const hasFactor = this.factors.some(({ status }) => status === 'verified');
    if (hasFactor && session.aal === 'aal1')
      return refuse(401, 'insufficient_aal', 'AAL2 session is required to update the password');
    if (password.length < 8) return refuse(422, 'weak_password', 'Password should be longer');
    this.password = password;
    this.#sessions = [session];
    return Response.json(this.#user());
  }

  #enroll(session: Session, { factor_type, friendly_name = '' }: Record<string, string>): Response {
    if (factor_type !== 'totp')
      return refuse(400, 'validation_failed', 'factor_type needs to be totp, phone, or webauthn');
    if (!this.enrolls)
      return refuse(422, 'mfa_totp_enroll_not_enabled', 'MFA enroll is disabled for TOTP');
    if (this.factors.some((known) => known.friendly_name === friendly_name))
      return refuse(422, 'mfa_factor_name_conflict', 'A factor with this name already exists');
    if (this.factors.length > 0 && session.aal === 'aal1')
      return refuse(403, 'insufficient_aal', 'AAL2 required to enroll a new factor');
    this.#count += 1;
    const id = `factor-${this.#count}`;
    this.factors.push({ id, factor_type: 'totp', friendly_name, status: 'unverified' });
    const totp = {
      qr_code: '<svg xmlns="http://www.w3.org/2000/svg"/>',
      secret: 'SECRET',
      uri: '',
    };
    return Response.json({ id, type: 'totp', friendly_name, totp });
  }

  #challenge({ id }: KnownFactor): Response {
    this.#count += 1;
    const challenge = `challenge-${this.#count}`;
    this.#challenges.set(challenge, id);
    return Response.json({ id: challenge, type: 'totp', expires_at: 0 });
  }

  #verify(session: Session, factor: KnownFactor, body: Record<string, string>): Response {
    const { challenge_id = '', code } = body;
    if (this.#challenges.get(challenge_id) !== factor.id)
      return refuse(422, 'mfa_challenge_expired', 'MFA challenge has expired');
    if (code !== CODE) return refuse(422, 'mfa_verification_failed', 'Invalid TOTP code entered');
    this.#challenges.delete(challenge_id);
    factor.status = 'verified';
    session.aal = 'aal2';
    return Response.json(this.#issue(session));
  }

  #unenroll(session: Session, factor: KnownFactor): Response {
    if (factor.status === 'verified' && session.aal === 'aal1')
      return refuse(422, 'insufficient_aal', 'AAL2 required to unenroll verified factor');
    this.factors = this.factors.filter((known) => known !== factor);
    return Response.json({ id: factor.id });
  }

  /** New tokens of a session; the ones before count no more. */
  #issue(session: Session): object {
    this.#count += 1;
    if (!this.#sessions.includes(session)) this.#sessions.push(session);
    const now = Math.floor(Date.now() / 1000);
    const { id: sub, email } = this.#person;
    const claims = {
      ...{ sub, email, aud: 'authenticated', role: 'authenticated', aal: session.aal },
      ...{ iat: now, exp: now + LIFE_S, jti: String(this.#count) },
    };
    const part = (value: object) =>
      btoa(JSON.stringify(value)).replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
    const unsigned = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
    session.token = `${unsigned}.${this.#sign(unsigned)}`;
    session.refresh = `refresh-${this.#count}`;
    return {
      access_token: session.token,
      refresh_token: session.refresh,
      expires_in: LIFE_S,
      expires_at: now + LIFE_S,
      token_type: 'bearer',
      user: this.#user(),
    };
  }

  #user(): object {
    return { ...this.#person, role: 'authenticated', factors: this.factors };
  }
}

function refuse(status: number, error_code: string, msg: string): Response {
  return Response.json({ code: status, error_code, msg }, { status });
}
