# From source to the native image of src/main/docker/Dockerfile.native, with nothing but a container engine:
#   docker build -t sluice .
FROM quay.io/quarkus/ubi9-quarkus-mandrel-builder-image:jdk-25 AS build
WORKDIR /code
COPY --chown=quarkus:quarkus mvnw pom.xml ./
COPY --chown=quarkus:quarkus .mvn .mvn
COPY --chown=quarkus:quarkus src/main src/main
RUN ./mvnw -B package -Dnative -Dmaven.test.skip=true

FROM quay.io/quarkus/ubi9-quarkus-micro-image:2.0
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Sluice" \
      org.opencontainers.image.description="A large tabular file in, a typed and versioned PostgreSQL table with a REST API out" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build --chown=0:0 --chmod=0555 /code/target/*-runner /sluice
USER 10001
ENV QUARKUS_HTTP_HOST=0.0.0.0
EXPOSE 8080 9000
STOPSIGNAL SIGTERM
# A file of any size passes through these 128 MB.
ENTRYPOINT ["/sluice", "-Xmx128m", "-XX:MaxDirectMemorySize=64m", "-XX:+ExitOnOutOfMemoryError"]
