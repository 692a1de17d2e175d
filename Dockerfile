# One image for every process of the platform; the command says which. TypeScript runs as it is, so
# there is no build step: what is installed and what is in the repository is all there is.

FROM node:24-slim AS manifests
WORKDIR /app
COPY . .
# Only what `npm ci` reads, so that a change of source does not install everything anew.
RUN find . -type f ! -name package.json ! -name package-lock.json -delete

FROM node:24-slim AS dependencies
WORKDIR /app
COPY --from=manifests /app .
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force

FROM node:24-slim
ENV NODE_ENV=production
ENV HOST=0.0.0.0
ENV PORT=4000
ENV MEDIA_DIR=/app/.data/media
ENV PLANS_DIR=/app/.data/plans
WORKDIR /app
COPY --from=dependencies /app .
COPY . .
# Pictures, the gateway's most used operations, and what the demo's seed leaves; nothing else is
# written at run time.
RUN mkdir -p "$MEDIA_DIR" "$PLANS_DIR" && chown -R node:node .data
USER node
EXPOSE 4000
CMD ["node", "gateway/src/server.ts"]
