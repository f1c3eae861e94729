# Shared by the scripts beside it and by the project's others; for any POSIX shell. Source it with ROOT set to the top of the tree, or without:
# then ROOT is found from the script that was started ($0, symbolic links followed), which must stand in bin/ or at the top.
#
#   find_java      sets JAVA to a java of JDK 25 or later: JAVA_HOME, /usr/lib/jvm/*, PATH; else says so in one sentence and returns 1
#   module_path    sets MODULE_PATH to the directory of the built jars; else says so and returns 1
#   run_tool TOOL words…   runs dpip, ipvsadm, … and does not come back

if [ -z "${ROOT:-}" ]; then
    ROOT=$(readlink -f "$0") && ROOT=${ROOT%/*}
    [ -e "$ROOT/pom.xml" ] || ROOT=${ROOT%/*}
fi

# Prints the full version of the JDK in directory $1, or nothing. Its release file spares the start of a JVM.
java_version() {
    [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
    _short='' _full=''
    while IFS='=' read -r _key _value; do
        case $_key in
            JAVA_VERSION) _short=${_value#\"} _short=${_short%\"} ;;
            JAVA_RUNTIME_VERSION) _full=${_value#\"} _full=${_full%\"} ;;
        esac
    done < "$1/release"
    JAVA_VERSION=${_full:-$_short}
    [ -n "$JAVA_VERSION" ]
}

java_is_new_enough() {
    java_version "$1" || return 1
    _major=${JAVA_VERSION%%[!0-9]*}
    [ -n "$_major" ] && [ "$_major" -ge 25 ]
}

find_java() {
    for _home in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/*; do
        [ -n "$_home" ] && java_is_new_enough "$_home" && JAVA=$_home/bin/java && return 0
    done
    if _home=$(command -v java); then
        _home=$(readlink -f "$_home")
        _home=${_home%/bin/java}
        java_is_new_enough "$_home" && JAVA=$_home/bin/java && return 0
    fi
    echo "No JDK 25 found in JAVA_HOME, /usr/lib/jvm or PATH: install one (for example the package openjdk-25-jdk) or set JAVA_HOME." >&2
    return 1
}

module_path() {
    MODULE_PATH=$ROOT/.build/lib
    [ -d "$MODULE_PATH" ] && return 0
    echo "jdpvs is not built yet: run 'mvn -DskipTests package' in $ROOT." >&2
    return 1
}

# Sets CACHE to the ahead-of-time cache of a program. A cache holds for one JDK, and where the jars lay when it was made: the JVM takes a copied tree's for its own, and
# finds packages in two places.
cache_of() { CACHE=$ROOT/.build/aot$ROOT/$1-$JAVA_VERSION.aot; }

# A tool is a short-lived JVM: one collector thread, no optimising compiler, no files in /tmp, nothing on standard output but its own.
TOOL_FLAGS='-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xms8m -Xmx64m -Xss512k -Xlog:disable'

run_tool() {
    find_java && module_path || exit 2
    unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS
    for LAUNCHER in "$MODULE_PATH"/jdpvs-launcher-*.jar; do :; done
    if [ ! -e "$LAUNCHER" ]; then
        echo "jdpvs is not built completely ($MODULE_PATH has no launcher): run 'mvn -DskipTests package' in $ROOT." >&2
        exit 2
    fi
    cache_of launcher
    if [ "$CACHE" -nt "$LAUNCHER" ]; then
        exec "$JAVA" $TOOL_FLAGS -XX:AOTCache="$CACHE" -Djdpvs.library="$MODULE_PATH" \
            -p "$LAUNCHER" -m jdpvs.launcher/jdpvs.launcher.Main "$@"
    fi
    # The first command that reaches a daemon leaves behind what makes the next ones start in about half the time.
    if [ -S "${DPVS_IPC_FILE:-/var/run/dpvs.ipc}" ] && [ ! "$CACHE.failed" -nt "$LAUNCHER" ] && mkdir -p "${CACHE%/*}" 2> /dev/null \
        && [ -w "${CACHE%/*}" ]; then
        "$JAVA" $TOOL_FLAGS -Djdpvs.library="$MODULE_PATH" -p "$LAUNCHER" -m jdpvs.launcher/jdpvs.launcher.Main "$@"
        _code=$?
        remember_start > /dev/null 2>&1 < /dev/null
        exit "$_code"
    fi
    exec "$JAVA" $TOOL_FLAGS -Djdpvs.library="$MODULE_PATH" -p "$LAUNCHER" -m jdpvs.launcher/jdpvs.launcher.Main "$@"
}

# A harmless command with the JVM taking notes; the notes appear under their name only when complete.
remember_start() {
    "$JAVA" $TOOL_FLAGS -XX:AOTCacheOutput="$CACHE.$$" -Djdpvs.library="$MODULE_PATH" -p "$LAUNCHER" \
        -m jdpvs.launcher/jdpvs.launcher.Main dpip -V && [ -s "$CACHE.$$" ] && mv -f "$CACHE.$$" "$CACHE" && return 0
    rm -f "$CACHE.$$" "$CACHE.$$.config"
    : > "$CACHE.failed"
}
