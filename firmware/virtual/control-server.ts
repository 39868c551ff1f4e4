/**
 * The control port of `npm run board` (Node host): one JSON command a line in, one JSON answer a
 * line out, events in between. Several clients may listen. On 127.0.0.1 only.
 *
 *   → {"cmd":"press","button":"top","ms":200}       ← {"ok":true,"status":{…}}
 *                                                   ← {"event":{"type":"led","r":0,"g":64,"b":0}}
 */
import { createServer, type Server, type Socket } from 'node:net';
import { toAppError } from '../../shared/errors.ts';
import type { BoardEvent, VirtualBoard } from './board.ts';
import { applyCommand, parseCommand } from './commands.ts';
import { listenOnLoopback } from './rfc2217.ts';

/** Longest line taken; commands have about 100 characters. */
const LINE_CHARACTERS_MAX = 4096;

export class ControlServer {
  readonly #server: Server;
  readonly #clients = new Set<Socket>();

  constructor(board: VirtualBoard) {
    this.#server = createServer((socket) => this.#accept(board, socket));
  }

  /** @throws AppError `port_busy` */
  listen(port: number): Promise<number> {
    return listenOnLoopback(this.#server, port);
  }

  /** Tells every client. */
  event(event: BoardEvent): void {
    for (const client of this.#clients) send(client, { event });
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(board: VirtualBoard, socket: Socket): void {
    this.#clients.add(socket);
    let rest = '';
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      const lines = (rest + String(text)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') send(socket, answer(board, line));
      if (rest.length > LINE_CHARACTERS_MAX) socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#clients.delete(socket));
  }
}

function answer(board: VirtualBoard, line: string): object {
  try {
    return { ok: true, status: applyCommand(board, parseCommand(JSON.parse(line))) };
  } catch (error) {
    return { ok: false, error: toAppError(error, 'invalid').message };
  }
}

function send(socket: Socket, value: object): void {
  socket.write(`${JSON.stringify(value)}\n`);
}
