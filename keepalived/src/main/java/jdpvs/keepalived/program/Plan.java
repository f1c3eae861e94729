package jdpvs.keepalived.program;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import jdpvs.control.Change;

/** A transaction: changes, whose they are, and what is there once they are made. */
final class Plan {
    /** In this order: what others need comes first and goes last. */
    enum Stage {
        REPLACED,
        ADDRESSES,
        ROUTES,
        SERVICES,
        SERVICES_LESS,
        ROUTES_LESS,
        ADDRESSES_LESS,
        ANNOUNCEMENTS
    }

    private record Step(Item item, Change change) {}

    private final Map<Stage, List<Step>> steps = new EnumMap<>(Stage.class);
    private final Set<Item> items = new HashSet<>();
    private final List<Consumer<Made>> effects = new ArrayList<>();
    private final Wanted wanted;
    private int size;

    Plan(Wanted wanted) {
        this.wanted = wanted;
    }

    /** What it leads to. */
    Wanted wanted() {
        return wanted;
    }

    void add(Stage stage, Item item, Change change) {
        steps.computeIfAbsent(stage, s -> new ArrayList<>()).add(new Step(item, change));
        items.add(item);
        size++;
    }

    /** To be noted when the transaction has been applied. */
    void then(Consumer<Made> effect) {
        effects.add(effect);
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    Set<Item> items() {
        return items;
    }

    List<Change> changes() {
        return steps.values().stream().flatMap(List::stream).map(Step::change).toList();
    }

    /** @param index of a change, as a refusal names it */
    Item item(int index) {
        return steps.values().stream()
                .flatMap(List::stream)
                .skip(index)
                .findFirst()
                .orElseThrow()
                .item();
    }

    void applied(Made made) {
        effects.forEach(effect -> effect.accept(made));
    }
}
