/**
 * Photos from the upload to the files: which are taken, what is made of them, which are refused, and what becomes of
 * orphans.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { sweepPhotos } from '../photos/sweep.ts'
import { bytesAt, call, database, keyring, offered, photos, upload } from './http.suite.ts'

type Photo = { id: number; hash: string; width: number; height: number; files: { url: string; format: string }[] }

let shade = 0
/** A photo that no other test has. */
function picture(width = 40, height = 20) {
  shade += 1
  // so far apart that none is the same once it is made smaller
  const background = { r: (shade * 61) % 256, g: (shade * 151) % 256, b: 60 }
  return sharp({ create: { width, height, channels: 3, background } })
}
const form = (bytes: Buffer, type = 'image/jpeg', more: Readonly<Record<string, string>> = {}) => {
  const made = new FormData()
  made.set('photo', new File([new Uint8Array(bytes)], 'carro.jpg', { type }))
  for (const [name, value] of Object.entries(more)) made.set(name, value)
  return made
}
const jpeg = async () => form(await picture().jpeg().toBuffer())
const filesOf = (photo: Photo, width: number, format: string) =>
  bytesAt(`/photos/${photo.hash}-${width}.${format}`).then(({ bytes }) => bytes)

test('a photo is turned upright, loses where it was taken, and is kept in three widths and three formats', async () => {
  const { id } = await offered()
  const bytes = await picture(2_000, 1_000)
    .withExif({ IFD0: { Orientation: '6', Make: 'Telefone' }, IFD3: { GPSLatitudeRef: 'S' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  assert.ok((await sharp(bytes).metadata()).exif, 'the test has something to strip')
  const { status, body } = await upload(id, form(bytes))
  assert.equal(status, 201, JSON.stringify(body))
  assert.deepEqual([body.width, body.height], [1_000, 2_000], 'upright, and not larger than it was')
  assert.match(body.placeholder, /^data:image\/webp;base64,.{20,}/)
  assert.equal(body.files.length, 9)
  for (const { url, format } of body.files as Photo['files']) {
    const file = await bytesAt(url)
    assert.deepEqual([file.status, file.headers['content-type']], [200, `image/${format}`], url)
    assert.equal(file.headers['cache-control'], 'public, max-age=31536000, immutable')
    const about = await sharp(file.bytes).metadata()
    assert.deepEqual(
      [about.exif, about.orientation, about.width],
      [undefined, undefined, Math.min(1_000, widthIn(url))],
    )
  }
  const seen = await call('GET', `/vehicles/${id}`, undefined, '')
  assert.deepEqual(seen.body.photo_files, [body], 'everybody sees it')
})

const widthIn = (url: string) => Number(/-(\d+)\./.exec(url)?.[1])

test('a plate that is covered is in no file that is kept', async () => {
  const { id } = await offered()
  const white = await sharp({ create: { width: 100, height: 100, channels: 3, background: '#ffffff' } })
    .png()
    .toBuffer()
  const covers = JSON.stringify([{ left: 50, top: 50, width: 50, height: 50 }])
  const { status, body } = await upload(id, form(white, 'image/png', { covers }))
  assert.equal(status, 201, JSON.stringify(body))
  const { data, info } = await sharp(await filesOf(body, 320, 'jpeg'))
    .raw()
    .toBuffer({ resolveWithObject: true })
  const at = (x: number, y: number) => data[(y * info.width + x) * info.channels] ?? -1
  assert.ok(at(20, 20) > 240, 'what was not named stays')
  assert.ok(at(75, 75) < 120, 'what was named is grey')
  const twice = '[{"left":90,"left":0,"top":0,"width":20,"height":1}]'
  for (const wrong of ['[{"left":90,"top":0,"width":20,"height":1}]', 'x', '{}', twice])
    assert.equal((await upload(id, form(white, 'image/png', { covers: wrong }))).status, 422, wrong)
  const both = form(white, 'image/png', { covers })
  both.append('covers', '[]')
  for (const [ambiguous, path] of [
    [both, '/covers'],
    [form(white, 'image/png', { cover: covers }), '/cover'],
  ] as const) {
    const refused = await upload(id, ambiguous)
    assert.deepEqual([refused.status, refused.body.errors[0].path], [422, path])
  }
})

test('a vehicle has at most thirty photos, and one that it has already may be sent again', async () => {
  const { id } = await offered()
  const last = await jpeg()
  assert.equal((await upload(id, last)).status, 201)
  await database.query(
    `insert into vehicle_photos (vehicle_id, hash, width, height, placeholder, place, author, at)
     select vehicle_id, md5(n::text), width, height, placeholder, n, author, at from vehicle_photos, generate_series(2, 30) as n
     where vehicle_id = $1`,
    [id],
  )
  const refused = await upload(id, await jpeg())
  assert.deepEqual([refused.status, refused.body.detail], [409, 'The vehicle has 30 photos'])
  await database.query(`delete from vehicle_photos where vehicle_id = $1 and place = 30`, [id])
  assert.equal((await upload(id, await jpeg())).status, 201)
})

test('a file that is no photo is refused with a reason, whatever it is called', async () => {
  const { id } = await offered()
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')
  const heic = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0', 'latin1')
  for (const [bytes, type, reason] of [
    [svg, 'image/jpeg', /SVG/],
    [heic, 'image/heic', /HEIC/],
    [Buffer.from('MZ'), 'image/png', /no picture/],
  ] as const) {
    const { status, body } = await upload(id, form(bytes, type))
    assert.deepEqual([status, body.detail], [415, 'A photo must be JPEG, PNG or WebP'])
    assert.match(body.reason, reason)
  }
  const lie = await upload(id, form(await picture().png().toBuffer(), 'image/jpeg'))
  assert.deepEqual([lie.status, lie.body.detail], [415, 'The photo is not of the type that it claims to be'])
  const cut = (await picture(400, 400).jpeg().toBuffer()).subarray(0, 200)
  assert.equal((await upload(id, form(cut))).body.detail, 'The photo cannot be read')
  const bomb = await sharp({ create: { width: 9_000, height: 9_000, channels: 3, background: '#fff' } })
    .png({ compressionLevel: 1 })
    .toBuffer()
  assert.equal((await upload(id, form(bomb, 'image/png'))).body.detail, 'The photo has too many pixels')
  const large = Buffer.concat([await picture().jpeg().toBuffer(), Buffer.alloc(15 * 1024 * 1024)])
  const refused = await upload(id, form(large))
  assert.deepEqual([refused.status, refused.body.detail], [413, 'The photo is larger than 15 MB'])
  assert.equal((await upload(id, new FormData())).status, 422)
  assert.equal((await call('POST', `/vehicles/${id}/photos`, {})).status, 415, 'JSON is no photo')
  assert.equal((await call('GET', `/vehicles/${id}`)).body.photo_files, undefined, 'nothing was kept')
  assert.equal((await upload(999_999, await jpeg())).status, 404)
  const customer = await keyring.sign({ role: 'customer', customer_id: 7 })
  assert.equal((await upload(id, await jpeg(), customer)).status, 403)
  assert.equal((await upload(id, await jpeg(), '')).status, 401)
})

test('staff put photos in order and remove them, and the same photo twice is kept once', async () => {
  const { id } = await offered()
  const [one, two] = [await jpeg(), await jpeg()]
  const [first, second] = [(await upload(id, one)).body as Photo, (await upload(id, two)).body as Photo]
  assert.deepEqual((await upload(id, one)).body, first, 'sent twice it is one')
  const before = await call('GET', `/vehicles/${id}`)
  const order = (ids: number[]) => call('PUT', `/vehicles/${id}/photos`, { order: ids })
  assert.equal((await order([first.id])).status, 422)
  assert.equal((await order([first.id, 999_999])).status, 422)
  assert.deepEqual(
    (await order([second.id, first.id])).body.photo_files.map((photo: Photo) => photo.id),
    [second.id, first.id],
  )
  const after = await call('GET', `/vehicles/${id}`)
  assert.notEqual(after.headers.etag, before.headers.etag, 'whoever has read it before sees that it changed')
  assert.equal((await call('DELETE', `/vehicles/${id}/photos/${second.id}`)).status, 204)
  assert.equal((await call('DELETE', `/vehicles/${id}/photos/${second.id}`)).status, 404)
  assert.deepEqual((await call('GET', `/vehicles/${id}`)).body.photo_files, [first])
})

test('a vehicle has 30 photos at the most', async () => {
  const { id } = await offered()
  await database.query(
    `insert into vehicle_photos (vehicle_id, hash, width, height, placeholder, place, author, at)
     select $1, 'h' || n, 1, 1, '', n, 'staff', now() from generate_series(1, 30) as n`,
    [id],
  )
  const refused = await upload(id, await jpeg())
  assert.deepEqual([refused.status, refused.body.detail], [409, 'The vehicle has 30 photos'])
})

test('files of a photo that no vehicle has are swept after a time, and no others', async () => {
  const { id } = await offered()
  const [stays, goes] = [(await upload(id, await jpeg())).body as Photo, (await upload(id, await jpeg())).body as Photo]
  await call('DELETE', `/vehicles/${id}/photos/${goes.id}`)
  const sweep = sweepPhotos(photos.storage)
  assert.equal(await sweep(database, new Date(Date.now() - 60_000), 1_000), 0, 'too young')
  assert.ok((await sweep(database, new Date(Date.now() + 60_000), 1_000)) >= 9)
  assert.equal((await bytesAt(`/photos/${goes.hash}-320.webp`)).status, 404)
  assert.equal((await bytesAt(`/photos/${stays.hash}-320.webp`)).status, 200)
  for (const name of ['..%2f..%2fmaster.key', `${stays.hash}-321.webp`, `${stays.hash}-320.svg`])
    assert.equal((await bytesAt(`/photos/${name}`)).status, 404, name)
})

test('when photos come at once, one is made and one waits, and the others are told to come again', async () => {
  const { id } = await offered()
  const seen = new Set<number>()
  for (let tries = 0; tries < 6 && seen.size < 2; tries += 1) {
    const forms = [await jpeg(), await jpeg(), await jpeg(), await jpeg()]
    for (const { status, headers } of await Promise.all(forms.map((one) => upload(id, one)))) {
      seen.add(status)
      if (status === 503) assert.equal(headers['retry-after'], '3')
    }
  }
  assert.deepEqual([...seen].sort(), [201, 503])
  assert.equal((await upload(id, await jpeg())).status, 201, 'and then it goes on')
})
