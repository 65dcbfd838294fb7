/** Asks the proxy beside a Cloud Run job to end when the job is done: otherwise it would keep the job running for ever. */
export async function quitProxy(url: string | undefined) {
  if (url) await fetch(url, { method: 'POST' }).catch((error) => console.error('the proxy did not hear', error))
}
