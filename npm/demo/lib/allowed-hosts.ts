/** What this computer calls itself; no page of another site can have one of these names. */
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/**
 * Whether a request's `Host` names this app. Another site can point its own name at this computer (DNS
 * rebinding), and a browser then takes the app for a part of that site: only the name tells them apart.
 *
 * @param host as it stands in the header
 * @param others hosts besides loopback, with port, separated by commas
 */
export function isAllowedHost(host: string | null, others = ''): boolean {
  const allowed = others.split(',').map((other) => other.trim().toLowerCase());
  return (
    host !== null && host !== '' && (LOOPBACK.test(host) || allowed.includes(host.toLowerCase()))
  );
}
