/** The routes of photos: staff upload one a request and put them in order; everybody may load their files. */
import { Type } from 'typebox'
import { EntityId, PHOTO_UPLOAD } from '#contracts'
import { authorOf } from '#host'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { FORMATS, isTaken, typeOf, whyNotTaken } from '../domain/photo.ts'
import { expectEditable, keepPhoto, note } from '../photos/keep-photo.ts'
import { deletePhoto, findPhotos, orderPhotos, touchVehicle } from '../photos/photo-store.ts'
import type { RouteParts } from './parts.ts'
import { takeUploads, uploadIn } from './upload.ts'
import { PhotoView, photoView } from './views.ts'

const Params = Type.Object({ id: EntityId })
const PhotoParams = Type.Object({ id: EntityId, photo_id: EntityId })
const OrderBody = Type.Object(
  { order: Type.Array(EntityId, { maxItems: 100, uniqueItems: true, description: 'The ids of all its photos' }) },
  { additionalProperties: false },
)
const FileParams = Type.Object({
  file: Type.String({ description: '`{hash}-{width}.{format}`: 320, 800 or 1600; avif, webp or jpeg' }),
})
const PhotosView = Type.Object({ photo_files: Type.Array(PhotoView) })

const tags = ['photos']

export const photoRoutes = (parts: RouteParts) => (app: HttpApp) => {
  takeUploads(app)
  const upload = { bodyLimit: PHOTO_UPLOAD.bytes, config: { takesUploads: true } }
  app.post('/vehicles/:id/photos', { ...upload, schema: addPhotoSchema }, addPhoto(parts))
  app.put('/vehicles/:id/photos', { schema: arrangePhotosSchema }, arrangePhotos(parts))
  app.delete('/vehicles/:id/photos/:photo_id', { schema: removePhotoSchema }, removePhoto(parts))
  app.get('/photos/:file', { schema: showPhotoSchema }, showPhoto(parts))
}

const addPhotoSchema = {
  operationId: 'addPhoto',
  summary: 'Adds a photo to a vehicle, behind those that it has',
  description:
    'One JPEG, PNG or WebP as the part `photo` of a multipart body, at most 15 MB; the part `covers`, JSON, names areas ' +
    'that are covered, as a plate: `[{left, top, width, height}]` in percent of the upright picture. It is turned upright and kept without metadata.',
  tags,
  params: Params,
  response: answers(
    { 201: PhotoView },
    'vehicle_not_found',
    'vehicle_not_editable',
    'unsupported_media_type',
    'photo_type_refused',
    'photo_type_misnamed',
    'photo_too_large',
    'photo_has_too_many_pixels',
    'photo_unreadable',
    'too_many_photos',
    'photos_busy',
    'validation_failed',
  ),
}

const addPhoto =
  (parts: RouteParts): Handler<typeof addPhotoSchema> =>
  async (request, reply) => {
    const { bytes, claimed, covers } = await uploadIn(request)
    const type = typeOf(bytes)
    if (!isTaken(type)) throw new Problem('photo_type_refused', { reason: whyNotTaken(type) })
    if (claimed !== '' && claimed !== 'application/octet-stream' && claimed !== type)
      throw new Problem('photo_type_misnamed', { claimed, type })
    const photo = await keepPhoto(parts, request.params.id, { bytes, covers }, authorOf(request))
    return reply.code(201).send(photoView(photo))
  }

const arrangePhotosSchema = {
  operationId: 'arrangePhotos',
  summary: 'Puts the photos of a vehicle in another order',
  tags,
  params: Params,
  body: OrderBody,
  response: answers({ 200: PhotosView }, 'vehicle_not_found', 'vehicle_not_editable', 'validation_failed'),
}

const arrangePhotos =
  (parts: RouteParts): Handler<typeof arrangePhotosSchema> =>
  async (request) => {
    const { id } = request.params
    const { order } = request.body
    const photo_files = await parts.unitOfWork(async (tx) => {
      await expectEditable(tx, id)
      const has = (await findPhotos(tx, id)).map((photo) => photo.id)
      if (has.length !== order.length || has.some((one) => !order.includes(one)))
        throw new Problem('validation_failed', {
          errors: [{ path: '/order', message: 'must name each of its photos once' }],
        })
      await orderPhotos(tx, id, order)
      await touchVehicle(tx, id, parts.clock.now())
      await note(tx, parts, id, 'photos_ordered', authorOf(request))
      return findPhotos(tx, id)
    })
    return { photo_files: photo_files.map(photoView) }
  }

const removePhotoSchema = {
  operationId: 'removePhoto',
  summary: 'Takes a photo off a vehicle; its files are gone within a day or two',
  tags,
  params: PhotoParams,
  response: answers(
    { 204: Type.Null() },
    'vehicle_not_found',
    'vehicle_not_editable',
    'photo_not_found',
    'validation_failed',
  ),
}

const removePhoto =
  (parts: RouteParts): Handler<typeof removePhotoSchema> =>
  async (request, reply) => {
    const { id, photo_id } = request.params
    await parts.unitOfWork(async (tx) => {
      await expectEditable(tx, id)
      const gone = await deletePhoto(tx, id, photo_id)
      if (!gone) throw new Problem('photo_not_found')
      await touchVehicle(tx, id, parts.clock.now())
      await note(tx, parts, id, 'photo_removed', authorOf(request), gone)
    })
    return reply.code(204).send(null)
  }

const NAME = new RegExp(`^[0-9a-f]{32}-(320|800|1600)\\.(${FORMATS.join('|')})$`)
const YEAR_S = 31_536_000

const showPhotoSchema = {
  operationId: 'showPhoto',
  summary: 'A file of a photo: what a name means never changes',
  tags,
  params: FileParams,
  response: answers({ 200: Type.Any() }, 'photo_not_found', 'validation_failed'),
}

const showPhoto =
  ({ photos }: RouteParts): Handler<typeof showPhotoSchema> =>
  async ({ params: { file } }, reply) => {
    const [, , format] = NAME.exec(file) ?? []
    const bytes = format && (await photos.storage.get(file))
    if (!bytes) throw new Problem('photo_not_found')
    return reply
      .header('cache-control', `public, max-age=${YEAR_S}, immutable`)
      .header('cross-origin-resource-policy', 'cross-origin')
      .type(`image/${format}`)
      .send(Buffer.from(bytes))
  }
