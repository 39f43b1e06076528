// A server of PostgreSQL's protocol that lets nobody in, and remembers who came: what a client read
// from its connection string.

import { createServer, type Server, type Socket } from 'node:net';

export interface Greeting {
  port: number;
  user: string | undefined;
  database: string | undefined;
  password: string;
}

export interface GreetedServer {
  port: number;
  greetings: Greeting[];
  close(): Promise<void>;
}

const TLS_REQUEST = 80_877_103;
const REFUSAL = errorResponse({ S: 'FATAL', V: 'FATAL', C: '28P01', M: 'not you' });
/** AuthenticationCleartextPassword: no scheme that hides what is sent. */
const ASK_FOR_PASSWORD = message('R', Buffer.from([0, 0, 0, 3]));

export async function startGreetedServer(): Promise<GreetedServer> {
  const greetings: Greeting[] = [];
  const server = createServer((socket) => greet(socket, greetings));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: portOf(server),
    greetings,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** https://www.postgresql.org/docs/current/protocol-flow.html, "Start-up". */
function greet(socket: Socket, greetings: Greeting[]): void {
  let received = Buffer.alloc(0);
  let parameters: Map<string, string> | undefined;
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    const start = parameters ? 1 : 0;
    while (received.length >= start + 4 && received.length >= start + received.readInt32BE(start)) {
      const end = start + received.readInt32BE(start);
      const body = received.subarray(start + 4, end);
      received = received.subarray(end);
      if (parameters) {
        greetings.push({
          port: socket.localPort ?? 0,
          user: parameters.get('user'),
          database: parameters.get('database'),
          password: body.subarray(0, -1).toString(),
        });
        socket.end(REFUSAL);
        return;
      }
      if (body.readInt32BE(0) === TLS_REQUEST) {
        socket.write('N');
        continue;
      }
      parameters = readParameters(body.subarray(4));
      socket.write(ASK_FOR_PASSWORD);
      return;
    }
  });
}

function readParameters(body: Buffer): Map<string, string> {
  const parts = body.toString().split('\0');
  const parameters = new Map<string, string>();
  for (let index = 0; index + 1 < parts.length; index += 2) {
    parameters.set(parts[index] as string, parts[index + 1] as string);
  }
  return parameters;
}

function errorResponse(fields: Record<string, string>): Buffer {
  const text = Object.entries(fields).map(([name, value]) => `${name}${value}\0`);
  return message('E', Buffer.from(`${text.join('')}\0`));
}

function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
