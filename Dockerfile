# One image for every service and the gateway; what is run says which:
#   docker run … mercado-veiculo node app/service.ts orquestrador
# docs/containers.md tells what it needs, how big it is and what it was tried with.

ARG BASE=node:24-slim

FROM ${BASE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# none of these packages needs its install scripts
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error \
  # half of what is installed; Node never loads any of it: it runs no TypeScript under node_modules
  && find node_modules -type f \( -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.map' \) -delete

# the pages, built from their sources by tools that stay here
FROM ${BASE} AS pages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
COPY . .
RUN node node_modules/@react-router/dev/bin.cjs build web

FROM ${BASE} AS files
WORKDIR /app
# .dockerignore says what. Readable by all whatever the umask of the clone was, and root's, so that no service can change it.
COPY . .
# of the pages what is built, and the server that renders them
RUN rm -r package-lock.json tsconfig.json clients web/art web/public web/store web/texts web/ui web/*.tsx web/styles.css
COPY --from=pages /app/web/build web/build
RUN chmod -R a+rX,go-w .

FROM ${BASE}
# tini, as the first process, hands signals on and buries orphans; npm and yarn are not needed to run, and not updated here
RUN apt-get update \
  && apt-get install --yes --no-install-recommends tini \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt /var/log/dpkg.log \
    /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
    /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn-* \
  && mkdir /data && chown 1000:1000 /data

WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=files /app ./

# DATA_DIR holds the local issuer's key: a volume that the services share, or they don't know each other's tokens
ENV NODE_ENV=production HOST=0.0.0.0 BUS=pubsub DATA_DIR=/data
# by number, so that a platform can tell that it is not root
USER 1000:1000
EXPOSE 3000 8000 8080 8081 8082 8083 8084 8086
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "infrastructure/containers/healthy.ts"]
ENTRYPOINT ["tini", "--"]
# without a service's name it says which there are
CMD ["node", "app/service.ts"]
