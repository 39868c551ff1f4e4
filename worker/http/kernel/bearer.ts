/** The token of an `Authorization: Bearer …` header (RFC 6750). Knows no meaning of it. */

/** @returns the token, or null when there is none, it is malformed or longer than `maxLength` */
export function bearerToken(header: string | undefined, maxLength: number): string | null {
  const found = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(header ?? '');
  const token = found?.[1];
  return token && token.length <= maxLength ? token : null;
}
