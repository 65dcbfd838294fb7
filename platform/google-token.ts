/** The token of this machine's service account, from the metadata server, which itself keeps it until it ends. */

const PATIENCE_MS = 5_000

export async function googleToken(metadata: string): Promise<string> {
  const answer = await fetch(`http://${metadata}/computeMetadata/v1/instance/service-accounts/default/token`, {
    headers: { 'metadata-flavor': 'Google' },
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  if (!answer.ok) throw new Error(`the metadata server answered ${answer.status}`)
  const { access_token } = (await answer.json()) as { access_token: string }
  return access_token
}
