/** Made by scripts/vite/texts.ts from the sources and de.xlf, es.xlf. */
declare module 'virtual:texts/*' {
  export const templates: Record<string, unknown>;
}
