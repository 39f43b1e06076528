// A TCP proxy in front of the server that can cut, stall or watch the connections it carries.

import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  /** Called with what the client sends; `true` cuts the connection instead of passing it on. */
  cutWhen: (sent: Buffer) => boolean = () => false;
  /** Called with what the server answers; `true` cuts the connection instead of passing it on. */
  cutAnswerWhen: (sent: Buffer, answer: Buffer) => boolean = () => false;
  /** Connections accepted so far. */
  connections = 0;
  /** Connections that are open. */
  open = 0;
  /** Those of this generation and later ones are carried, earlier ones are not. */
  private generation = 0;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  static async start(targetUrl: string): Promise<TcpProxy> {
    const server = createServer();
    const proxy = new TcpProxy(server, new URL(targetUrl));
    server.on('connection', (client) => proxy.carry(client));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The target's URL, leading through the proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  /** Ends every connection, as a server does that restarts or a firewall that forgets. */
  cutAll(): void {
    for (const socket of this.sockets) {
      socket.destroy();
    }
  }

  /** Carries nothing on the connections that are open, as after a failover that nobody was told of. */
  forgetAll(): void {
    this.generation += 1;
  }

  async close(): Promise<void> {
    this.cutAll();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private carry(client: Socket): void {
    this.connections += 1;
    this.open += 1;
    client.on('close', () => {
      this.open -= 1;
    });
    const { generation } = this;
    const upstream = connect(Number(this.target.port), this.target.hostname);
    let lastSent = Buffer.alloc(0);
    for (const socket of [client, upstream]) {
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (sent) => {
      lastSent = Buffer.from(sent);
      if (generation < this.generation) {
        return;
      }
      if (this.cutWhen(lastSent)) {
        client.destroy();
      } else {
        upstream.write(sent);
      }
    });
    upstream.on('data', (answer) => {
      if (this.cutAnswerWhen(lastSent, Buffer.from(answer))) {
        client.destroy();
      } else {
        client.write(answer);
      }
    });
  }
}
