/** How benchmarks print a figure: what came, what is asked, how it was measured. */

/** One line of the result. */
export interface Figure {
  what: string;
  value: string;
  asked: string;
  isMet: boolean;
  how: string;
}

export function print({ what, value, asked, isMet, how }: Figure): void {
  console.log(
    `${what.padEnd(58)}${value.padStart(9)}  asked ${asked.padEnd(10)}${isMet ? 'met' : 'NOT MET'}`,
  );
  console.log(`  ${how}`);
}
