/** What somebody has typed and not sent, kept while the tab lives: for whoever typed it. */

/** Of the person who is signed in. Never fails; what cannot be kept is gone with the form. */
export interface Drafts {
  /** @param name of a form and what it is about */
  read(name: string): string | null;
  write(name: string, text: string): void;
  forget(name: string): void;
}
