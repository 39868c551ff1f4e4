/**
 * Of @lit/localize what its extraction goes by: the marks of its two functions. Read instead of all
 * that the page imports, for which it would look at every type (web/texts/tsconfig.json).
 */
declare module '@lit/localize' {
  export const msg: { (template: unknown): string; _LIT_LOCALIZE_MSG_?: never };
  export const str: {
    (strings: unknown, ...values: unknown[]): string;
    _LIT_LOCALIZE_STR_?: never;
  };
}
