package jdpvs.keepalived.configuration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdpvs.config.BlockValues.Setting;
import jdpvs.config.Messages;

/** Makes the groups of instances. */
final class SyncGroupRules {
    private SyncGroupRules() {}

    static List<SyncGroup> of(Context context, Map<String, VrrpInstance> instances, TrackRules tracks, VrrpRules vrrp) {
        List<SyncGroup> groups = new ArrayList<>();
        Map<String, String> groupOf = new HashMap<>();
        for (Node node : context.root.all("vrrp_sync_group")) {
            String thing = "vrrp_sync_group " + node.name();
            List<String> members = new ArrayList<>();
            for (Setting entry : node.one("group").entries()) {
                String member = (String) entry.value();
                if (!instances.containsKey(member)) {
                    context.messages.error(
                            entry.at(),
                            thing + ": there is no vrrp_instance " + Messages.quote(member)
                                    + ", it is not in the group");
                } else if (groupOf.putIfAbsent(member, node.name()) != null) {
                    context.messages.error(
                            entry.at(),
                            thing + ": " + Messages.quote(member) + " is in vrrp_sync_group " + groupOf.get(member)
                                    + " already");
                } else {
                    members.add(member);
                }
            }
            if (members.isEmpty()) {
                context.messages.error(node.at, thing + ": group has no instances, the group is left out");
            } else if (context.first(thing, node.at)) {
                groups.add(new SyncGroup(
                        node.name(),
                        members,
                        tracks.of(node),
                        node.flag("sync_group_tracking_weight"),
                        vrrp.notices(node, false)));
            }
        }
        return groups;
    }
}
