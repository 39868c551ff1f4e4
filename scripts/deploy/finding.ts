/** What the checks before a deployment find. Knows no rule. */

export interface Finding {
  level: 'error' | 'warning';
  /** What is wrong, and what to do. */
  message: string;
}

export const error = (message: string): Finding => ({ level: 'error', message });
export const warning = (message: string): Finding => ({ level: 'warning', message });
