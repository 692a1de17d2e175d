import type { Readable } from 'node:stream';
import { actingAs } from '@vitrine/platform/acting';
import type { Services } from '@vitrine/platform/services';
import type { FastifyError, FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { UploadRefusal } from './judge-picture.ts';
import { openPictures } from './picture.files.ts';
import { LONGEST_SIDE, MAX_PICTURE_BYTES, type PictureUpload, SHORTEST_SIDE } from './picture.ts';
import { UPLOADS_PATH } from './picture.uploads.ts';

const refusals: Readonly<Record<UploadRefusal, { status: number; message: string }>> = {
  UPLOAD_NOT_FOUND: { status: 404, message: 'There is no such upload; ask for a new one.' },
  UPLOAD_EXPIRED: { status: 410, message: 'The upload came too late; ask for a new one.' },
  UPLOAD_USED: { status: 409, message: 'This address was used; ask for a new one.' },
  PICTURE_TOO_LARGE: { status: 413, message: 'A picture has 5 megabytes at most.' },
  SIZE_DIFFERS: { status: 422, message: 'Not as many bytes came as were announced.' },
  NOT_A_PICTURE: { status: 415, message: 'This is no JPEG, PNG or WebP picture.' },
  TYPE_DIFFERS: { status: 415, message: 'The picture is of another type than was announced.' },
  DIMENSIONS_OUT_OF_RANGE: {
    status: 422,
    message: `Each side of a picture has ${SHORTEST_SIDE} to ${LONGEST_SIDE} pixels.`,
  },
};

const TOO_LARGE = 'PICTURE_TOO_LARGE';
/**
 * What is too large is read on for so long, and forgotten, before the connection is cut: a client, or
 * a gateway between, that is still sending would miss the answer.
 */
const DRAINED_BYTES = 4 * MAX_PICTURE_BYTES;

/** The body, of which no more is held than a picture may have. */
async function bytesOf(payload: Readable, cut: () => void): Promise<Buffer> {
  let chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of payload) {
      length += chunk.length;
      if (length <= MAX_PICTURE_BYTES) chunks.push(chunk);
      else chunks = [];
      if (length > DRAINED_BYTES) cut();
    }
  } catch (error) {
    throw Object.assign(new Error('The upload broke off.', { cause: error }), { statusCode: 400 });
  }
  if (length > MAX_PICTURE_BYTES) {
    throw Object.assign(new Error('too large'), { code: TOO_LARGE, statusCode: 413 });
  }
  return Buffer.concat(chunks);
}

interface Upload {
  Params: { token: string };
}

/**
 * `PUT /uploads/<token>` takes the bytes of a picture. The token is all the proof there is: it was
 * told to one person, for a quarter of an hour, for one picture. Answers are JSON.
 */
export const picturePages =
  (services: Services): FastifyPluginAsync =>
  async (app) => {
    const pictures = openPictures(services);
    const opened = new WeakMap<object, PictureUpload>();

    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', async ({ raw }: FastifyRequest, payload: Readable) =>
      bytesOf(payload, () => raw.socket.destroy()),
    );
    app.setErrorHandler<FastifyError>((error, request, reply) => {
      if (error.code === TOO_LARGE) {
        const { status, ...refused } = refusalOf('PICTURE_TOO_LARGE');
        return reply.code(status).send(refused);
      }
      const status = error.statusCode ?? 500;
      if (status < 500)
        return reply.code(status).send({ code: 'BAD_REQUEST', message: error.message });
      services.logger.error({ err: error, requestId: request.id }, 'a picture was not stored');
      return reply
        .code(500)
        .send({ code: 'INTERNAL', message: 'The picture was not stored; try again.' });
    });

    app.put<Upload>(`${UPLOADS_PATH}/:token`, {
      bodyLimit: DRAINED_BYTES,
      // Before the body is read: nobody uploads megabytes to an address that was never given out.
      async onRequest({ params, raw }, reply) {
        void reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
        const upload = await pictures.find(params.token);
        if (upload.ok) opened.set(raw, upload.value);
        else {
          const { status, ...refused } = refusalOf(upload.refusal);
          return reply.code(status).send(refused);
        }
      },
      async handler(request, reply) {
        const upload = opened.get(request.raw);
        if (!upload) throw new Error('an upload without one');
        const bytes = request.body instanceof Buffer ? request.body : Buffer.alloc(0);
        const stored = await actingAs({ scope: scopeOf(upload, request) }, () =>
          pictures.store(upload, bytes),
        );
        if (stored.ok) return stored.value;
        const { status, ...refused } = refusalOf(stored.refusal);
        return reply.code(status).send(refused);
      },
    });
  };

const refusalOf = (code: UploadRefusal) => ({ code, ...refusals[code] });

/** The person who asked for the upload, which is all that is known of who sends it. */
const scopeOf = (
  { userId, id }: PictureUpload,
  request: { readonly id: string; readonly ip: string; readonly headers: Record<string, unknown> },
) => ({
  viewer: {
    kind: 'PERSON' as const,
    userId,
    sessionId: id,
    roles: [],
    duties: [],
    hasSecondFactor: false,
    scopes: [],
    memberships: [],
  },
  requestId: request.id,
  origin: {
    address: request.ip,
    userAgent: String(request.headers['user-agent'] ?? '').slice(0, 256) || null,
  },
});
