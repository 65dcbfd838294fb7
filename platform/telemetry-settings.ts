/** Settings for the figures and traces of a process. */
import { Type } from 'typebox'

export const telemetrySettings = {
  PORT_METRICS: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 65_535,
      description:
        'A port of its own for figures, which are then on no other; unless set, they are at /metrics of each service, for this machine and admins',
    }),
  ),
  HOST_METRICS: Type.String({ default: '127.0.0.1', description: 'Address that PORT_METRICS is listened to on' }),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({
      pattern: '^https?://[^/\\s]+(/[^\\s]*)?$',
      description: 'A collector of OpenTelemetry, which gets the traces at /v1/traces; unless set, nothing is traced',
    }),
  ),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 1,
    description: 'Which share of the traces that begin here is kept',
  }),
}
