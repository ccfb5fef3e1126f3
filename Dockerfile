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
    && echo 'fn main() {}' | tee build.rs > src/main.rs \
    && touch src/lib.rs \
    && cargo build --profile dist --locked --bin gatherd \
    && rm -r src build.rs
# build.rs writes the types of graphql/ by schema/; SQL of schema/ is compiled in.
COPY build.rs ./
COPY graphql graphql
COPY schema schema
COPY src src
# Copied files keep their age, which cargo would take for that of what it has just built.
RUN touch build.rs src/lib.rs src/main.rs \
    && cargo build --profile dist --locked --bin gatherd

FROM debian:${DEBIAN}-slim
# Certificates are read from the system, and there are none without this package.
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
USER gatherd
VOLUME /data
# Whether the daemon is alive, which a restart can mend; what it could not read, a restart cannot.
HEALTHCHECK --interval=1m --timeout=30s --start-period=1m \
    CMD ["gatherd", "status", "--check", "--live"]
ENTRYPOINT ["gatherd"]
CMD ["run"]
