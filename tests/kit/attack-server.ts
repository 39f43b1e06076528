// Somebody who answers in the place of a database: speaks the start of PostgreSQL's protocol, asks for
// a proof of the password and keeps what arrives. Messages and codes are those of "Message Formats"
// in PostgreSQL's documentation.

import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { ServerCertificate } from './certificates';

/** What is asked for once the client has said who it is. */
export type Question = 'clear text' | 'md5' | 'scram' | 'scram-plus' | 'nothing';

export interface Attack {
  question: Question;
  /** To offer TLS with; without one, TLS is not offered. */
  certificate?: ServerCertificate;
  /** How TLS is refused: by `N`, by an error, or by offering it and failing. */
  refusal?: 'N' | 'E' | 'broken';
}

const SSL_REQUEST = 80_877_103;
const PROTOCOL_3 = 196_608;
const QUESTIONS: Record<Question, Buffer> = {
  'clear text': request(3),
  md5: request(5, 'salt'),
  scram: request(10, 'SCRAM-SHA-256\0\0'),
  'scram-plus': request(10, 'SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0'),
  nothing: request(0),
};

export class AttackServer {
  /** Start-up messages, which name the user and the database. */
  startups: string[] = [];
  /** What was sent as a proof of the password. */
  proofs: string[] = [];
  private attack: Attack = { question: 'clear text' };
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<AttackServer> {
    const server = createServer();
    const attacker = new AttackServer(server);
    server.on('connection', (socket) => attacker.answer(socket));
    // On every address of this machine: only some of them are exempt from the rules of public ones.
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
    return attacker;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  prepare(attack: Attack): void {
    this.attack = attack;
    this.startups = [];
    this.proofs = [];
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) {
      socket.destroy();
    }
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
    socket.once('data', (data) => {
      if (data.length === 8 && data.readUInt32BE(4) === SSL_REQUEST) {
        this.negotiate(socket);
      } else {
        this.logIn(socket, data);
      }
    });
  }

  private negotiate(socket: Socket): void {
    const { certificate, refusal = 'N' } = this.attack;
    if (certificate) {
      socket.write('S');
      const { key, certificate: cert } = certificate;
      const secureContext = createSecureContext({ key, cert });
      const secured = new TLSSocket(socket, { isServer: true, secureContext });
      secured.on('error', () => socket.destroy());
      secured.once('data', (data) => this.logIn(secured, data));
    } else if (refusal === 'N') {
      socket.write('N');
      socket.once('data', (data) => this.logIn(socket, data));
    } else {
      socket.end(refusal === 'E' ? message('E', 'SFATAL\0C0A000\0Munsupported\0\0') : 'S-----');
    }
  }

  private logIn(socket: Socket, data: Buffer): void {
    if (data.readUInt32BE(4) !== PROTOCOL_3) {
      socket.destroy();
      return;
    }
    this.startups.push(data.subarray(8).toString('latin1'));
    socket.write(QUESTIONS[this.attack.question]);
    socket.once('data', (proof) => {
      if (proof.subarray(0, 1).toString() === 'p') {
        this.proofs.push(proof.subarray(5).toString('latin1'));
      }
      socket.end(message('E', 'SFATAL\0C28P01\0Mno\0\0'));
    });
  }
}

function request(code: number, rest = ''): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(code);
  return message('R', bytes.toString('latin1') + rest);
}

function message(type: string, body: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body, 'latin1')]);
}
