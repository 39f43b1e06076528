import { type NextRequest, NextResponse } from 'next/server';
import { isAllowedHost } from './lib/allowed-hosts';

/** Runs before every page and route. The demo's sign-in asks for no password, so the name is a wall. */
export function proxy(request: NextRequest): NextResponse {
  if (isAllowedHost(request.headers.get('host'), process.env.ADMIN_ALLOWED_HOSTS)) {
    return NextResponse.next();
  }
  return new NextResponse(
    'This app does not answer to that host name. Use 127.0.0.1 or localhost, or name the host in ADMIN_ALLOWED_HOSTS.',
    { status: 421, headers: { 'content-type': 'text/plain' } },
  );
}
