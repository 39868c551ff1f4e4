/** Text is text everywhere: one line stays one line (shared/contracts/text.ts). */
import { type Attack, BAKERY, makeUnit } from './world.ts';

const LINES = [
  'x)\n\nYour sign-in expires: https://evil.example.net/',
  'a\u202eb',
  'a\u0000b',
  'a\ud800b',
  'a\u0085b',
  'a\u2028b',
  '\u200f',
  '\u200b\u2060',
  '\u3164',
  'x'.repeat(5000),
];
const HONEST = 'Käse & Söhne 🧀 مخبز';

export const textInjection: readonly Attack[] = [
  {
    name: 'E · a name writes lines into mails, turns text around, holds half a character',
    async run(world) {
      const { call, owner } = world;
      const id = 'JBNB7020';
      await makeUnit(world, id, BAKERY);
      const rename = async (name: string) =>
        (await call(owner, 'PUT', `/api/v1/units/${id}/name`, { name })).status;
      const refused: number[] = [];
      for (const name of LINES) refused.push(await rename(name));
      const honest = await rename(HONEST);
      return {
        right: refused.every((status) => status === 400 || status === 413) && honest === 200,
        words: `${refused.join(' ')}; an honest one ${honest}`,
      };
    },
  },
  {
    name: 'E · a work order’s note holds controls',
    async run({ call, admin }) {
      const note = async (text: string) => {
        const body = { kind: 'install', location_id: BAKERY, note: text };
        return (await call(admin, 'POST', '/api/v1/work-orders', body)).status;
      };
      const refused = [await note('a\u0000b'), await note('a\u202eb'), await note('a\ud800b')];
      const honest = await note('Two units,\nby the door');
      return {
        right: refused.every((status) => status === 400) && honest < 300,
        words: `${refused.join(' ')}; an honest one ${honest}`,
      };
    },
  },
];
