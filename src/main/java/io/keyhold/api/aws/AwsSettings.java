package io.keyhold.api.aws;

import io.keyhold.api.tls.TlsFiles;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * How AWS's clients are served.
 *
 * @param listen where; port 0 means any that is free
 * @param region of a request that names none
 * @param tls none: connections are plain
 * @param browsersKeptOut whether what a web page could have sent is refused
 * @param eventLoops threads that move bytes
 */
public record AwsSettings(
        InetSocketAddress listen,
        String region,
        Optional<TlsFiles> tls,
        boolean browsersKeptOut,
        int eventLoops) {}
