package jdpvs.e2e;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the arrows between the rooms: who may know whom. ARCHITECTURE.md draws the same picture. */
class ArchitectureTest {
    /** A room may use its own packages and those of the rooms named beside it. */
    private static final Map<String, Set<String>> ARROWS = arrows();

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("jdpvs");

    private static Map<String, Set<String>> arrows() {
        var arrows = new LinkedHashMap<String, Set<String>>();
        arrows.put("wire", Set.of());
        arrows.put("linux", Set.of());
        arrows.put("port", Set.of("wire", "linux"));
        arrows.put("stack", Set.of("wire", "port"));
        arrows.put("balancer", Set.of("wire", "stack", "port"));
        arrows.put("control", Set.of("wire"));
        arrows.put("config", Set.of("control"));
        arrows.put("command", Set.of("control"));
        arrows.put(
                "daemon",
                Set.of("wire", "linux", "port", "stack", "balancer", "control", "config", "command", "process"));
        arrows.put("process", Set.of());
        arrows.put("keepalived", Set.of("wire", "linux", "control", "config", "process"));
        arrows.put("launcher", Set.of());
        arrows.put("toa", Set.of("linux", "wire"));
        return arrows;
    }

    static Stream<String> rooms() {
        return ARROWS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomKnowsOnlyTheRoomsBelowIt(String room) {
        Set<String> allowed = ARROWS.getOrDefault(room, Set.of());
        String[] packages = Stream.concat(Stream.of(room), allowed.stream().sorted())
                .map(name -> "jdpvs." + name + "..")
                .toArray(String[]::new);
        ArchRule rule = classes()
                .that()
                .resideInAPackage("jdpvs." + room + "..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(packages).or(resideOutsideOfPackage("jdpvs..")));
        rule.check(PRODUCT);
    }

    @Test
    void everyClassLivesInARoom() {
        Set<String> rooms = PRODUCT.stream()
                .map(type -> type.getPackageName().split("\\.", -1))
                .map(names -> names.length > 1 ? names[1] : "")
                .collect(Collectors.toSet());
        assertThat(rooms).containsExactlyInAnyOrderElementsOf(ARROWS.keySet());
    }

    @Test
    void roomsAreFreeOfCyclesInside() {
        slices().matching("jdpvs.(*)..").should().beFreeOfCycles().check(PRODUCT);
    }

    @Test
    void onlyOneRoomCallsTheKernel() {
        noClasses()
                .that(resideInAPackage("jdpvs..").and(resideOutsideOfPackage("jdpvs.linux..")))
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.lang\\.foreign\\.(Linker.*|SymbolLookup|FunctionDescriptor)")
                .check(PRODUCT);
    }

    /** Checked segments may be anybody's; a segment without bounds, which is how packets are read, is made in two rooms only. */
    @Test
    void unboundedMemoryIsMadeOnlyWhereItIsOwned() {
        noClasses()
                .that(resideInAPackage("jdpvs..")
                        .and(resideOutsideOfPackage("jdpvs.wire.."))
                        .and(resideOutsideOfPackage("jdpvs.linux..")))
                .should()
                .callMethodWhere(target(owner(type(MemorySegment.class))).and(target(name("reinterpret"))))
                .check(PRODUCT);
    }

    @Test
    void onlyTheDoorSpeaksHttpAndJson() {
        noClasses()
                .that(resideInAnyPackage(
                        "jdpvs.wire..", "jdpvs.linux..", "jdpvs.port..", "jdpvs.stack..", "jdpvs.balancer.."))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.fasterxml..", "org.eclipse.jetty..", "picocli..", "java.net.http..")
                .check(PRODUCT);
    }

    @Test
    void wholeSystemTestsKnowTheLaunchersOnly() {
        JavaClasses tests = new ClassFileImporter().importPackages("jdpvs.e2e");
        assertThat(List.copyOf(tests)).isNotEmpty();
        classes()
                .that()
                .resideInAPackage("jdpvs.e2e..")
                .should()
                .onlyDependOnClassesThat(resideInAPackage("jdpvs.e2e..").or(resideOutsideOfPackage("jdpvs..")))
                .check(tests);
    }
}
