/** The token of this machine's service account, by which Google's own services know it. */

const PATIENCE_MS = 5_000

/** `metadata`: host:port of the metadata server. It is asked a few times an hour: nothing is worth keeping. */
export async function googleToken(metadata: string): Promise<string> {
  const answer = await fetch(`http://${metadata}/computeMetadata/v1/instance/service-accounts/default/token`, {
    headers: { 'metadata-flavor': 'Google' },
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  if (!answer.ok) throw new Error(`the metadata server answered ${answer.status}`)
  const { access_token } = (await answer.json()) as { access_token: string }
  return access_token
}
