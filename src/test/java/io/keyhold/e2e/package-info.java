/**
 * End to end: the packaged jar as a real process in a home of its own, and real clients: grpc-java,
 * buf curl, AWS's SDKs and CLI and what is built on them, pkcs11-tool, openssl, raw sockets.
 *
 * <p>Needs {@code target/keyhold.jar}, so these tests are {@code *IT}. Nothing here waits for a
 * time: it waits for conditions. Whatever is random prints its seed.
 */
package io.keyhold.e2e;
