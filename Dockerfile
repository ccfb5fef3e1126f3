# syntax=docker/dockerfile:1

# The toolchain of rust-toolchain.toml.
ARG RUST=1.95.0
ARG DEBIAN=bookworm

FROM rust:${RUST}-slim-${DEBIAN} AS build
WORKDIR /build
# The dependencies alone, with nothing of ours around them: this layer stays until they change.
# (Cargo.toml names the benchmark, so cargo wants to see its file.)
COPY Cargo.toml Cargo.lock ./
COPY benches benches
RUN mkdir src \
    && echo 'fn main() {}' >src/main.rs \
    && cp src/main.rs build.rs \
    && touch src/lib.rs \
    && cargo build --profile dist --locked --bin gatherd \
    && rm -r src build.rs
# build.rs writes the types of graphql/ by schema/; SQL of schema/, the example configuration, the unit, the compose file and a font are compiled in.
COPY build.rs ./
COPY assets assets
COPY graphql graphql
COPY schema schema
COPY config/gatherd.toml config/gatherd.toml
COPY packaging/gatherd.service packaging/gatherd.service
COPY packaging/compose.yaml packaging/compose.yaml
COPY src src
# Copied files keep their age, which cargo would take for that of what it has just built.
RUN touch build.rs src/lib.rs src/main.rs \
    && cargo build --profile dist --locked --bin gatherd

FROM debian:${DEBIAN}-slim
# --build-arg VERSION=... --build-arg REVISION="$(git rev-parse HEAD)" say what is in the image.
ARG VERSION=unreleased
ARG REVISION=unknown
LABEL org.opencontainers.image.title="gatherd" \
      org.opencontainers.image.description="Watches over a company's network of Meetup.com user groups" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# Certificates are read from the system, and there are none without this package. The newest are wanted.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin gatherd \
    && install --directory --owner gatherd --group gatherd --mode 0700 /data
COPY --from=build /build/target/dist/gatherd /usr/local/bin/gatherd
COPY config/gatherd.toml /usr/share/gatherd/gatherd.toml
# gatherd.toml is looked for here, and all that is written goes here.
WORKDIR /data
ENV GATHERD_DATABASE=/data/gatherd.db
# Threads share what memory was given back, so that little of it stays unused.
ENV MALLOC_ARENA_MAX=2
# By number: whoever runs it can tell that this is not root.
USER 10001:10001
VOLUME /data
# Whether the daemon is alive, which a restart can mend; what it could not read, a restart cannot.
HEALTHCHECK --interval=1m --timeout=30s --start-period=1m \
    CMD ["gatherd", "status", "--check", "--live"]
ENTRYPOINT ["gatherd"]
CMD ["run"]
