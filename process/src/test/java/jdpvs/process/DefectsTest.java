package jdpvs.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DefectsTest {
    private final ListAppender<ILoggingEvent> told = new ListAppender<>();
    private Logger log;

    @BeforeEach
    void listen() {
        log = new LoggerContext().getLogger("test");
        log.addAppender(told);
        told.start();
    }

    @Test
    void whatIsNoDefectPasses() throws Exception {
        assertThat(Defects.survive(log, "a test", () -> {})).isTrue();
        assertThat(Defects.<String, IOException>survive(log, "a test", "none", () -> "done"))
                .isEqualTo("done");
        assertThatThrownBy(() -> Defects.survive(log, "a test", () -> {
                    throw new IOException("the disk");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("the disk");
        assertThat(told.list).isEmpty();
    }

    @Test
    void defectsOfEveryKindAreLogged() {
        assertThat(Defects.survive(log, "a test", () -> {
                    throw new IllegalStateException("wrong");
                }))
                .isFalse();
        assertThat(Defects.<String, RuntimeException>survive(log, "another", "otherwise", () -> {
                    throw new OutOfMemoryError("no thread");
                }))
                .isEqualTo("otherwise");
        assertThat(told.list)
                .extracting(ILoggingEvent::toString)
                .containsExactly(
                        "[ERROR] defect in a test; please report it", "[ERROR] defect in another; please report it");
        assertThat(told.list.getLast().getThrowableProxy().getMessage()).isEqualTo("no thread");
    }

    /** As when there is no memory for the line either. */
    @Test
    void aLogThatFailsTooIsSurvived() {
        AppenderBase<ILoggingEvent> failing = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                throw new OutOfMemoryError("no line");
            }
        };
        failing.start();
        log.addAppender(failing);
        assertThat(Defects.survive(log, "a test", () -> {
                    throw new OutOfMemoryError("no array");
                }))
                .isFalse();
        int[] turns = {0};
        Defects.repeat(log, "a test", Duration.ofMillis(1), () -> {
            if (++turns[0] == 3) {
                throw new InterruptedException();
            }
            throw new OutOfMemoryError("no array");
        });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(turns[0]).isEqualTo(3);
    }

    @Test
    void repeatedWorkEndsWhenItIsInterruptedOnly() {
        List<Integer> turns = new ArrayList<>();
        Defects.repeat(log, "a test", Duration.ofMillis(1), () -> {
            turns.add(turns.size());
            switch (turns.size()) {
                case 1 -> throw new IllegalArgumentException("first");
                case 3 -> throw new StackOverflowError("third");
                case 5 -> throw new InterruptedException();
                default -> {}
            }
        });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(turns).hasSize(5);
        assertThat(told.list).hasSize(2);
    }
}
