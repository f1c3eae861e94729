package jdpvs.command;

import java.util.List;
import jdpvs.command.dpip.Dpip;
import jdpvs.command.dpvsctl.Dpvsctl;
import jdpvs.command.ipvsadm.Ipvsadm;
import org.jspecify.annotations.Nullable;

/** The tools by the names of their launchers. */
public final class Tools {
    public static final List<String> NAMES = List.of("dpip", "ipvsadm", "ipvsadm-save", "ipvsadm-restore", "dpvsctl");

    private Tools() {}

    public static @Nullable Tool named(String name) {
        return switch (name) {
            case "dpip" -> new Dpip();
            case "ipvsadm" -> new Ipvsadm();
            case "ipvsadm-save" -> Ipvsadm.save();
            case "ipvsadm-restore" -> Ipvsadm.restore();
            case "dpvsctl" -> new Dpvsctl();
            default -> null;
        };
    }
}
