// Neon's SQL-over-HTTP endpoint in front of the test server: one POST with { query, params } for
// each statement, the rows as arrays of text, errors as 400 with the fields of the server's error.

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import pg from 'pg';

interface Statement {
  query: string;
  params: unknown[];
}

export interface NeonProxy {
  endpoint: string;
  requests(): number;
  /** Runs between a request and its answer. */
  beforeAnswer?: (() => Promise<void>) | undefined;
  close(): Promise<void>;
}

export async function startNeonProxy(databaseUrl: string): Promise<NeonProxy> {
  const pool = new pg.Pool({ connectionString: databaseUrl });
  let requests = 0;
  const server = createServer(async (request, response) => {
    requests += 1;
    await proxy.beforeAnswer?.();
    const { status, body } = await answer(pool, request);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const proxy: NeonProxy = {
    endpoint: `http://127.0.0.1:${port}/sql`,
    requests: () => requests,
    close: async () => {
      await closeServer(server);
      await pool.end();
    },
  };
  return proxy;
}

async function answer(
  pool: pg.Pool,
  request: IncomingMessage,
): Promise<{ status: number; body: unknown }> {
  try {
    if (!request.headers['neon-connection-string']) {
      return { status: 400, body: { message: 'no connection string' } };
    }
    const { query, params } = (await json(request)) as Statement;
    // Neon answers with the text of each value and lets the client parse it.
    const types = {
      getTypeParser: () => (text: string) => text,
    } as unknown as pg.CustomTypesConfig;
    const result = await pool.query({ text: query, values: params, rowMode: 'array', types });
    const fields = result.fields.map(({ name, dataTypeID }) => ({ name, dataTypeID }));
    const { command, rowCount, rows } = result;
    return { status: 200, body: { command, rowCount, fields, rows, rowAsArray: true } };
  } catch (error) {
    const { message, code, detail } = error as { message: string; code?: string; detail?: string };
    return { status: 400, body: { message, code, detail } };
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
