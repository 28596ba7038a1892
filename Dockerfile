# The gateway in a container: the package of `make deb` on Debian, and nothing else; the supervisor is PID 1, and starts
# ingress and egress.
#
#   docker build -t whatsapp-bot-nats .
#   docker run --env-file .env -p 8080:8080 --stop-timeout 30 whatsapp-bot-nats
#
# docs/container.md says how to run it; deploy/tests/container tests it, without an engine.

# MARK: The package

FROM swift:6.3-bookworm AS package
WORKDIR /src
# Debian's packages are a layer of their own: scripts/dependencies seldom changes.
COPY scripts/dependencies scripts/
RUN apt-get update \
    && apt-get install --yes --no-install-recommends make \
    && scripts/dependencies --deb \
    && rm -rf /var/lib/apt/lists/*
COPY . .
# Seconds since 1970 in place of the time of building, for the same package from the same sources:
# --build-arg SOURCE_DATE_EPOCH="$(git log -1 --format=%ct)"
ARG SOURCE_DATE_EPOCH
# What was built stays in the cache of the builder, so that the next image takes what has changed alone.
RUN --mount=type=cache,target=/src/.build-deb,sharing=locked \
    make deb \
    && install -D --target-directory=/package .build-deb/package/whatsapp-bot-nats_*.deb

# MARK: The image

FROM debian:bookworm-slim
# One of the two programs that make the package's users, the one without systemd; the rest is for the package to say.
RUN --mount=type=bind,from=package,source=/package,target=/package \
    apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        systemd-standalone-sysusers /package/whatsapp-bot-nats_*.deb \
    && rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /var/cache/debconf/*-old

# The label's version cannot be read from a file: an image with another than the program's is not built.
ARG VERSION=0.1.0
RUN test "$(whatsapp-supervisor --version)" = "$VERSION"
ARG REVISION
LABEL org.opencontainers.image.title="whatsapp-bot-nats" \
      org.opencontainers.image.description="Gateway between the WhatsApp Cloud API and NATS" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim"

# The admin endpoint is for whoever shares the container's network, to which -p does not open it. A crash is not to look
# for the program that would print its backtrace.
ENV SUPERVISOR_COMPONENTS=ingress,egress \
    SUPERVISOR_ADMIN=0.0.0.0:9181 \
    SWIFT_BACKTRACE=enable=no
EXPOSE 8080 9181

# No user of the package's, which are one for each process: here the container keeps others out. It owns nothing, and
# nothing but /tmp needs to be writable; any other number does as well.
USER 10001:10001
WORKDIR /
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s --retries=2 \
    CMD ["/usr/bin/whatsapp-supervisor", "status"]
ENTRYPOINT ["/usr/bin/whatsapp-supervisor"]
