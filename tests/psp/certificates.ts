/** An authority of a test's own, and certificates that it has issued, as files: a PSP's, its client's, a stranger's. */
import 'reflect-metadata' // @peculiar/x509 refuses to load without it
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PublicKey,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

export interface Certified {
  readonly certificate: string
  readonly key: string
}

export interface Authority {
  /** PEM. */
  readonly certificate: string
  issue(name: string): Promise<Certified>
  /** A certificate for a key of somebody else's, of which the public half is given, in PEM. */
  certify(publicKey: string, name: string): Promise<string>
}

export async function authority(name = 'Test authority'): Promise<Authority> {
  const keys = await newKeys()
  const own = await X509CertificateGenerator.createSelfSigned({
    ...validity(),
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  })
  return {
    certificate: own.toString('pem'),
    issue: (subject) => issue(own, keys.privateKey, subject),
    async certify(publicKey, subject) {
      const certificate = await X509CertificateGenerator.create({
        ...validity(),
        subject: `CN=${subject}`,
        issuer: own.subject,
        publicKey: new PublicKey(publicKey),
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
      })
      return certificate.toString('pem')
    },
  }
}

/** Writes each text to a file of its own, removed when the file's tests are over; returns their paths. */
export async function inFiles<Name extends string>(texts: Record<Name, string>): Promise<Record<Name, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-pix-'))
  after(() => rm(folder, { recursive: true, force: true }))
  const paths: Record<string, string> = {}
  for (const [name, text] of Object.entries<string>(texts)) {
    paths[name] = join(folder, `${name}.pem`)
    await writeFile(join(folder, `${name}.pem`), text, { mode: 0o600 })
  }
  return paths as Record<Name, string>
}

async function issue(issuer: X509Certificate, signingKey: CryptoKey, subject: string): Promise<Certified> {
  const keys = await newKeys()
  const certificate = await X509CertificateGenerator.create({
    ...validity(),
    subject: `CN=${subject}`,
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
  })
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/(.{64})/g, '$1\n')}\n-----END PRIVATE KEY-----\n`
  return { certificate: certificate.toString('pem'), key }
}

const newKeys = () => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])

function validity() {
  const now = Date.now()
  return { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + 86_400_000) }
}
