/** A question that is answered before anything else goes on. Words only; who asks is the page. */

export interface Question {
  /** The question itself, in a sentence. */
  title: string;
  /** What a yes means, a paragraph each. */
  facts: readonly string[];
  /** What the button that does it says; never only *Yes*. */
  yes: string;
  /** What the button that does nothing says. */
  no: string;
}

/** @returns whether the answer was yes; closed without one, it was no */
export type Ask = (question: Question) => Promise<boolean>;
