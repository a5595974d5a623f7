package io.keyhold.e2e;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.regex.Pattern;

/** A bare connection: bytes out, bytes in. */
final class Wire implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;
    private static final Pattern HUNG_UP = Pattern.compile("(?i)broken pipe|reset");

    private final AutoCloseable socket;
    private final InputStream in;
    private final OutputStream out;

    private Wire(AutoCloseable socket, InputStream in, OutputStream out) {
        this.socket = socket;
        this.in = in;
        this.out = out;
    }

    /** To the listener below TLS, if it has any. */
    static Wire open(Listener listener, Daemon daemon) {
        try {
            if (listener == Listener.UNIX) {
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                channel.connect(UnixDomainSocketAddress.of(daemon.home().socket()));
                return new Wire(
                        channel,
                        Channels.newInputStream(channel),
                        Channels.newOutputStream(channel));
            }
            return of(new Socket("127.0.0.1", daemon.port()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Wire of(Socket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        return new Wire(socket, socket.getInputStream(), socket.getOutputStream());
    }

    /** Writes, unless the daemon has hung up before all is written: reading will tell. */
    void write(byte[] bytes) throws IOException {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            if (!HUNG_UP.matcher(String.valueOf(e.getMessage())).find()) {
                throw e;
            }
        }
    }

    byte[] read(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    /** Reads until the other side has closed the connection; how many bytes came. */
    long awaitEnd() {
        long count = 0;
        try {
            while (in.read() >= 0) {
                count++;
            }
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("the daemon does not close the connection", e);
        } catch (IOException e) {
            return count; // reset: closed too
        }
        return count;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
