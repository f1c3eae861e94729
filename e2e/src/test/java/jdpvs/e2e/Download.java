package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * A file of random bytes that both servers of a lab offer as /files/NAME.
 *
 * @param checksum SHA-256 in hex
 */
record Download(Lab lab, String name, String checksum) {
    private static final long SEED = 20260101;
    private static final int BLOCK_BYTES = 1 << 20;

    /** @param mebibytes its size */
    static Download of(Lab lab, int mebibytes) {
        String name = mebibytes + "MiB";
        Path file = Path.of("target", name).toAbsolutePath();
        file.toFile().deleteOnExit();
        try (OutputStream stream = Files.newOutputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            var random = new SplittableRandom(SEED);
            ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
            for (int number = 0; number < mebibytes; number++) {
                for (int offset = 0; offset < BLOCK_BYTES; offset += Long.BYTES) {
                    block.putLong(offset, random.nextLong());
                }
                digest.update(block.array());
                stream.write(block.array());
            }
            for (int server = 1; server <= 2; server++) {
                Files.createSymbolicLink(lab.filesOf(server).resolve(name), file);
            }
            return new Download(lab, name, HexFormat.of().formatHex(digest.digest()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Fetches it so many times; round robin lets each server have its turn. */
    void assertArrives(String address, int times) {
        String script =
                "set -o pipefail; curl -sS --max-time 100 http://%s/files/%s | sha256sum".formatted(address, name);
        for (int time = 0; time < times; time++) {
            assertThat(lab.client().shell(Duration.ofSeconds(110), script).succeeded())
                    .startsWith(checksum);
        }
    }
}
