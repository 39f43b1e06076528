// Plays the vendors on loopback, each on a port of its own: their SDKs speak HTTP to it.

import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TenantService } from '../types.js';
import { VENDOR_ANSWERS } from './vendor-answers.js';

/** A request that an SDK sent. */
export interface VendorRequest {
  service: TenantService;
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What a vendor answers. */
export interface VendorAnswer {
  /** An object is sent as JSON, a string as it is. */
  body: object | string;
  /** Default 200. */
  status?: number;
  headers?: Record<string, string>;
}

export class VendorServer {
  readonly requests: VendorRequest[] = [];
  /** Where each vendor is reached, for `configureIntegrations`. */
  readonly endpoints: Partial<Record<TenantService, string>> = {};
  readonly #servers: Server[] = [];
  readonly #answers = new Map<string, VendorAnswer>();

  static async start(): Promise<VendorServer> {
    const vendors = new VendorServer();
    const services = Object.keys(VENDOR_ANSWERS) as TenantService[];
    await Promise.all(services.map((service) => vendors.#listen(service)));
    return vendors;
  }

  /** Sets what a vendor answers to a method and path, such as `POST /v1/customers`. */
  respond(service: TenantService, methodAndPath: string, answer: VendorAnswer): void {
    this.#answers.set(`${service} ${methodAndPath}`, answer);
  }

  reset(): void {
    this.requests.length = 0;
    this.#answers.clear();
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#servers.map((server) => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
      }),
    );
  }

  async #listen(service: TenantService): Promise<void> {
    const server = createServer((message, response) => this.#serve(service, message, response));
    server.unref();
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    this.endpoints[service] = `http://127.0.0.1:${port}`;
  }

  async #serve(service: TenantService, message: IncomingMessage, response: ServerResponse) {
    const { method = '', url = '', headers } = message;
    this.requests.push({ service, method, url, headers, body: await text(message) });
    const { body, status = 200, headers: more } = this.#answerTo(service, method, url);
    const isText = typeof body === 'string';
    response.writeHead(status, {
      'content-type': isText ? 'application/xml' : 'application/json',
      ...more,
    });
    response.end(isText ? body : JSON.stringify(body));
  }

  #answerTo(service: TenantService, method: string, url: string): VendorAnswer {
    const request = `${method} ${new URL(url, 'http://vendor').pathname}`;
    const answer = this.#answers.get(`${service} ${request}`);
    if (answer) {
      return answer;
    }
    const body = VENDOR_ANSWERS[service][request];
    const advice = `No answer is set: respond('${service}', '${request}', { body })`;
    return body === undefined
      ? { status: 501, body: { error: { message: advice }, message: advice } }
      : { body };
  }
}
