// What a sweep does to vendors: so many requests a second, none while one asks to wait, and a vendor that
// refuses many credentials at once is taken for what is wrong.

/** The time that refusals are counted of. */
export const INCIDENT_WINDOW_MS = 10 * 60_000;
const INCIDENT_CREDENTIALS = 5;
const INCIDENT_SHARE = 0.2;
/** Accepted credentials, at least, after which a vendor is back. */
const BACK_CREDENTIALS = 3;

/** A vendor that refuses so many credentials at once that it is not the credentials. */
export interface VendorIncident {
  event: 'vendor.incident' | 'vendor.recovered';
  service: string;
  /** When it began. */
  since: Date;
  /** Credentials that were asked about within ten minutes, and those of them that were accepted before. */
  checked: number;
  refused: number;
}

/** Of a credential that was accepted before it is `turned`; `confirmed` where a client had been refused. */
type VendorAnswer = 'accepted' | 'turned' | 'confirmed' | 'refused';

/** A vendor during a sweep. */
export class Vendor {
  /** Milliseconds since 1970 of the next free turn, and until when the vendor asks to wait. */
  private freeAt = 0;
  private waitUntil = 0;
  private checked = 0;
  private refused = 0;
  /** The answers of this sweep since the incident. */
  private readonly again = { accepted: 0, refused: 0 };
  incidentSince: number | undefined;
  /** Whether an incident ended in this sweep. */
  isBackAgain = false;

  constructor(
    readonly service: string,
    private readonly perSecond: number,
  ) {}

  /** Waits for a turn; whether there is one. */
  async turn(signal: AbortSignal | undefined): Promise<boolean> {
    const now = Date.now();
    const at = Math.max(now, this.freeAt);
    this.freeAt = at + 1000 / this.perSecond;
    if (at > now) {
      await sleep(at - now, signal);
    }
    return !signal?.aborted && Date.now() >= this.waitUntil;
  }

  /** Leaves the vendor alone for as long as it asks. */
  wait(milliseconds: number): void {
    this.waitUntil = Math.max(this.waitUntil, Date.now() + milliseconds);
  }

  /** Counts what was known before this sweep. */
  knows(checkedAt: number, refusedAt: number | undefined, incidentSince: number | undefined): void {
    const since = Date.now() - INCIDENT_WINDOW_MS;
    this.checked += checkedAt >= since ? 1 : 0;
    this.refused += refusedAt !== undefined && refusedAt >= since ? 1 : 0;
    if (incidentSince !== undefined) {
      this.incidentSince = Math.min(this.incidentSince ?? incidentSince, incidentSince);
    }
  }

  /**
   * Counts an answer; gives the incident that it begins or ends. What is `confirmed` was counted with what was
   * known before.
   */
  answered(verdict: VendorAnswer): VendorIncident | undefined {
    this.checked += verdict === 'confirmed' ? 0 : 1;
    this.refused += verdict === 'turned' ? 1 : 0;
    const { service, checked, refused } = this;
    const isMany = refused >= INCIDENT_CREDENTIALS && refused >= checked * INCIDENT_SHARE;
    // Those of an incident that has just ended still count: only another one begins the next.
    const isAnother = verdict === 'turned' || verdict === 'confirmed';
    if (this.incidentSince === undefined && isMany && isAnother) {
      this.incidentSince = Date.now();
      return {
        event: 'vendor.incident',
        service,
        since: new Date(this.incidentSince),
        checked,
        refused,
      };
    }
    if (this.incidentSince !== undefined && this.isBack(verdict)) {
      const since = new Date(this.incidentSince);
      this.incidentSince = undefined;
      this.isBackAgain = true;
      this.checked = 0;
      this.refused = 0;
      return { event: 'vendor.recovered', service, since, checked, refused };
    }
    return undefined;
  }

  /** Whether the answers of this sweep say that the vendor accepts credentials again. */
  private isBack(verdict: VendorAnswer): boolean {
    this.again[verdict === 'accepted' ? 'accepted' : 'refused'] += 1;
    const { accepted, refused } = this.again;
    return accepted >= BACK_CREDENTIALS && refused <= (accepted + refused) * INCIDENT_SHARE;
  }
}

/** Ends early where the work is stopped. */
export function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end);
  });
}
