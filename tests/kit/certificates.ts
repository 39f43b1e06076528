// A certificate authority and server certificates, made for one run.

import 'reflect-metadata';
import { generateKeyPairSync, type KeyObject, sign, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const VALIDITY = {
  notBefore: new Date(Date.now() - 3_600_000),
  notAfter: new Date(Date.now() + 3_600_000),
};

x509.cryptoProvider.set(webcrypto as unknown as Crypto);

/** PEM texts. */
export interface ServerCertificate {
  certificate: string;
  key: string;
}

export class CertificateAuthority {
  private constructor(
    private readonly keys: CryptoKeyPair,
    private readonly root: x509.X509Certificate,
  ) {}

  static async create(name: string): Promise<CertificateAuthority> {
    const keys = await generateKeys();
    const root = await x509.X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      keys,
      signingAlgorithm: ALGORITHM,
      ...VALIDITY,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      ],
    });
    return new CertificateAuthority(keys, root);
  }

  /** The root certificate, for `sslrootcert`. */
  get rootPem(): string {
    return this.root.toString('pem');
  }

  /** A certificate for a server of these names. */
  async issue(
    names: { type: 'dns' | 'ip'; value: string }[],
    validity = VALIDITY,
  ): Promise<ServerCertificate> {
    const keys = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      subject: `CN=${names[0]?.value}`,
      issuer: this.root.subject,
      publicKey: keys.publicKey,
      signingKey: this.keys.privateKey,
      signingAlgorithm: ALGORITHM,
      ...validity,
      extensions: [new x509.SubjectAlternativeNameExtension(names)],
    });
    const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
    return {
      certificate: certificate.toString('pem'),
      key: x509.PemConverter.encode(key, 'PRIVATE KEY'),
    };
  }
}

/** A certificate that a server signed itself, as `openssl req -x509` makes them: it may sign others. */
export async function selfSigned(host: string): Promise<ServerCertificate> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${host}`,
    keys,
    signingAlgorithm: ALGORITHM,
    ...VALIDITY,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }]),
    ],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    certificate: certificate.toString('pem'),
    key: x509.PemConverter.encode(key, 'PRIVATE KEY'),
  };
}

/** Keys that certificates of servers have, beside those of `CertificateAuthority`. */
export const ODD_KEYS = {
  'RSA of 2048 bits': () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'RSA of 1024 bits': () => generateKeyPairSync('rsa', { modulusLength: 1024 }),
  'P-521': () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  Ed25519: () => generateKeyPairSync('ed25519'),
};

/**
 * A certificate of X.509 version 1, signed by itself, as `openssl x509 -req` makes them: without
 * extensions. Encoded by hand (RFC 5280, section 4.1), since no library makes them any more.
 */
export function versionOne(keyName: keyof typeof ODD_KEYS): ServerCertificate {
  const { publicKey, privateKey } = ODD_KEYS[keyName]();
  const algorithm = der(0x30, signatureAlgorithm(privateKey));
  // A name is a sequence of sets of attributes; this one is the common name (2.5.4.3).
  const attribute = der(0x30, Buffer.from([6, 3, 0x55, 4, 3]), der(0x0c, Buffer.from('localhost')));
  const name = der(0x30, der(0x31, attribute));
  const content = der(
    0x30,
    der(0x02, Buffer.from([1])),
    algorithm,
    name,
    der(0x30, utcTime(VALIDITY.notBefore), utcTime(VALIDITY.notAfter)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const digest = privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const signature = der(0x03, Buffer.from([0]), sign(digest, content, privateKey));
  return {
    certificate: x509.PemConverter.encode(
      new Uint8Array(der(0x30, content, algorithm, signature)),
      'CERTIFICATE',
    ),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** The identifier and parameters (RFC 3279, 5758 and 8410). */
function signatureAlgorithm({ asymmetricKeyType }: KeyObject): Buffer {
  const identifiers: Record<string, string> = {
    rsa: '06092a864886f70d01010b0500',
    ec: '06082a8648ce3d040302',
    ed25519: '06032b6570',
  };
  return Buffer.from(identifiers[asymmetricKeyType ?? ''] ?? '', 'hex');
}

function utcTime(date: Date): Buffer {
  return der(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

async function generateKeys(): Promise<CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as CryptoKeyPair;
}
