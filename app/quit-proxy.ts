/** The proxy beside a Cloud Run job would keep the job running for ever: it is asked to end with what the job was for. */
export async function quitProxy(url: string | undefined) {
  if (url) await fetch(url, { method: 'POST' }).catch((error) => console.error('the proxy did not hear', error))
}
