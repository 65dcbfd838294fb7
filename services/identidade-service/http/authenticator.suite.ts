/** A passkey as a browser's authenticator keeps it: WebAuthn's answers, made with a key of its own (ES256, attestation "none"). */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const USER_PRESENT_AND_VERIFIED = 0x05
const WITH_CREDENTIAL = 0x40

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest()
const text = (value: string) => Buffer.from(value).toString('base64url')

/** CBOR of a byte string of up to 65,535 bytes. */
const bytes = (data: Buffer) =>
  Buffer.concat([
    data.length < 256 ? Buffer.from([0x58, data.length]) : Buffer.from([0x59, data.length >> 8, data.length & 255]),
    data,
  ])

export function authenticator(origin: string, rpId = new URL(origin).hostname) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const id = randomBytes(16)
  let counter = 0

  const clientData = (type: string, challenge: string, from: string) =>
    JSON.stringify({ type, challenge, origin: from, crossOrigin: false })

  function authData(flags: number, more: Buffer = Buffer.alloc(0)) {
    counter += 1
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counter)
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count, more])
  }

  const answer = (response: object) => {
    const known = id.toString('base64url')
    return { id: known, rawId: known, type: 'public-key', clientExtensionResults: {}, response }
  }

  return {
    /** What `navigator.credentials.create` gives. */
    create(challenge: string, from = origin) {
      const key = Buffer.concat([
        Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
        bytes(Buffer.from(x, 'base64url')),
        Buffer.from([0x22]),
        bytes(Buffer.from(y, 'base64url')),
      ])
      const credential = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, key])
      const data = authData(USER_PRESENT_AND_VERIFIED | WITH_CREDENTIAL, credential)
      const attestation = Buffer.concat([
        Buffer.from([0xa3, 0x63]),
        Buffer.from('fmt'),
        Buffer.from([0x64]),
        Buffer.from('none'),
        Buffer.from([0x67]),
        Buffer.from('attStmt'),
        Buffer.from([0xa0, 0x68]),
        Buffer.from('authData'),
        bytes(data),
      ])
      const clientDataJSON = text(clientData('webauthn.create', challenge, from))
      return answer({ clientDataJSON, attestationObject: attestation.toString('base64url'), transports: ['internal'] })
    },
    /** What `navigator.credentials.get` gives. */
    get(challenge: string, from = origin, flags = USER_PRESENT_AND_VERIFIED) {
      const data = authData(flags)
      const client = clientData('webauthn.get', challenge, from)
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), privateKey).toString('base64url')
      return answer({ clientDataJSON: text(client), authenticatorData: data.toString('base64url'), signature })
    },
  }
}
