/** An object's word list in its table `words`: texts that rows name by number, from 1 on. */
import type { WordList } from '../domain/reading-codec.ts';
import { forgottenWord } from '../domain/shard-journal.ts';

export class SqlWords implements WordList {
  readonly #sql: SqlStorage;
  readonly #words: string[] = [''];
  readonly #numbers = new Map<string, number>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    const words = 'SELECT number, word FROM words ORDER BY number';
    for (const one of sql.exec<{ number: number; word: string }>(words)) {
      this.#learn(one.number, one.word);
    }
  }

  /** The number of a word that is there. */
  find(word: string): number | undefined {
    return this.#numbers.get(word);
  }

  /** Writes down a word that is not there yet. */
  numberOf(word: string): number {
    const known = this.#numbers.get(word);
    if (known !== undefined) return known;
    const number = this.#words.length;
    this.#sql.exec('INSERT INTO words VALUES (?, ?)', number, word);
    this.#learn(number, word);
    return number;
  }

  /** Writes another one over a word that is there; its number stays taken. */
  forget(word: string): void {
    const number = this.#numbers.get(word);
    if (number === undefined) return;
    this.#sql.exec('UPDATE words SET word = ? WHERE number = ?', forgottenWord(number), number);
    this.#numbers.delete(word);
    this.#learn(number, forgottenWord(number));
  }

  wordOf(number: number): string {
    const word = this.#words[number];
    if (word === undefined || number === 0) throw new RangeError(`no word has number ${number}`);
    return word;
  }

  #learn(number: number, word: string): void {
    this.#words[number] = word;
    this.#numbers.set(word, number);
  }
}
