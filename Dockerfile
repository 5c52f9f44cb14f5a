# A static binary and nothing else: docker run --rm --network=none -v "$PWD:/work:ro" spillcheck
FROM rust:1-alpine AS build
RUN apk add --no-cache musl-dev
WORKDIR /src
COPY . .
RUN cargo build --locked --release && cp target/release/spillcheck /spillcheck

FROM scratch
COPY --from=build /spillcheck /usr/bin/spillcheck
# No user of the image owns anything: it reads what is mounted, and writes where it is told to.
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/usr/bin/spillcheck"]
